"""PYO122."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.adding import addition
from pyo3_kit.audit.manifests import Crate
from pyo3_kit.audit.model import Finding, Fix, Safety
from pyo3_kit.audit.profiles import (
    first_of_workspace,
    missing_keys,
    profiles_with_symbols,
    shared_with,
    wheel_profiles,
)
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import CrateRule
from pyo3_kit.texts.edits import Edit


class PYO122(CrateRule):
    """A release profile without common optimisations.

    ## What it does

    Finds profiles for wheels that do not set `lto`, `codegen-units` or `strip`: `release`, or the one named in
    `[tool.maturin]` or a workflow, including inherited keys; in the manifest at the workspace's root, which is the
    only one that counts, and in `.cargo/config.toml`. A key that is set is accepted, whatever its value, and `debug`
    counts for `strip`. Profiles that inherit from `dev` or are only used by `maturin develop` are not for wheels.

    ## Why

    Cargo's defaults favour fast builds: 16 codegen units that are optimised separately, link-time optimisation only
    within each crate, and symbols included. With all three keys set, the library was 37 % smaller than with none,
    and 14 % smaller than with `strip` alone.

    ## Example

    ```toml
    [profile.release]
    opt-level = 3
    ```

    ## Use instead

    ```toml
    [profile.release]
    opt-level = 3
    lto = "fat"
    codegen-units = 1
    strip = true
    ```

    ## When not

    If you run release builds repeatedly during development: one took 7.7 s instead of 1.3 s after a touch. Use the
    dev profile for that, or set the key to the value you want.

    ## Fix

    Adds the missing keys, and `strip = false` to profiles that inherit the new `strip` and set `debug`. Unsafe if a
    program, or a crate that is not a PyO3 module, is built with the same profile.
    """

    title = "release profile without common optimisations"
    fix = Safety.SAFE

    def check(self, crate: Crate, project: Project) -> Iterator[Finding]:
        """Report the keys that nothing sets for a profile for wheels, once per workspace."""
        if not first_of_workspace(crate, project):
            return
        for profile in wheel_profiles(crate, project):
            lacking = list(missing_keys(crate, project, profile).items())
            if not lacking:
                continue
            listed = " and ".join(
                filter(None, [", ".join(f"`{one[0]}`" for one in lacking[:-1]), f"`{lacking[-1][0]}`"])
            )
            yield self.finding(
                crate.profiles.path,
                crate.profiles.place("profile", profile),
                f"wheels are built with the profile `{profile}`, which does not set {listed}",
                f"set {', '.join(f'`{key} = {value}`' for key, value in lacking)} in `[profile.{profile}]`",
                _fix(crate, project, profile, dict(lacking)),
            )


def _fix(crate: Crate, project: Project, profile: str, keys: dict[str, str]) -> Fix | None:
    """The fix that adds the keys, and keeps the symbols of the profiles that inherit them."""
    file = crate.profiles
    edits: list[Edit] = []
    for name in profiles_with_symbols(crate, project, profile) if "strip" in keys else ():
        kept = addition(file, ("profile", name), {"strip": "false"}) if file.get("profile", name) is not None else None
        if kept is None:
            # It is in another file, or written in a form that cannot be extended.
            keys = {key: value for key, value in keys.items() if key != "strip"}
            edits = []
            break
        edits += kept.edits
    added = addition(file, ("profile", profile), keys) if keys else None
    if added is None:
        return None
    shared = shared_with(crate, project)
    if not shared:
        return Fix((*edits, *added.edits))
    note = f"It affects {shared} too: longer builds, and no symbols in its backtraces."
    return Fix((*edits, *added.edits), safety=Safety.UNSAFE, note=note)
