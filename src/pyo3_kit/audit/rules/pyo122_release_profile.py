"""PYO122."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pyo3_kit.audit.adding import addition
from pyo3_kit.audit.manifests import Crate
from pyo3_kit.audit.model import Finding, Fix, Safety
from pyo3_kit.audit.profiles import first_of_workspace, missing_keys, other_products, wheel_profiles
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import CrateRule


class PYO122(CrateRule):
    """A release profile without common optimisations.

    ## What it does

    Finds profiles for wheels that do not set `lto`, `codegen-units` or `strip`: `release`, or the one named in
    `[tool.maturin]` or a workflow, including inherited keys; in the manifest at the workspace's root, which is the
    only one that counts, and in `.cargo/config.toml`. A key that is set is accepted, whatever its value, and so is
    one that is commented out. Profiles that inherit from `dev` or that only `maturin develop` uses are not for
    wheels. If nothing asks for `release`, and another profile inherits from it and sets all that is missing, wheels
    are probably built with that one. `strip` is not expected if the profile keeps debug information or is inherited
    by one that does.

    ## Why

    Cargo's defaults favour fast builds: 16 codegen units that are optimised separately, link-time optimisation only
    within each crate, and symbols included. With all three keys set, the library is much smaller.

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

    Adds the missing keys. Unsafe if programs or libraries for other languages are built with the same profile.
    """

    title = "release profile without common optimisations"
    fix = Safety.SAFE

    def check(self, crate: Crate, project: Project) -> Iterator[Finding]:
        """Report the keys that nothing sets for a profile for wheels, once per workspace."""
        if not first_of_workspace(crate, project):
            return
        for profile in wheel_profiles(crate, project):
            missing = missing_keys(crate, project, profile)
            if not missing:
                continue
            names = [f"`{key}`" for key in missing]
            listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
            added = addition(crate.profiles, ("profile", profile), missing)
            yield self.finding(
                crate.profiles.path,
                crate.profiles.place("profile", profile),
                f"wheels are built with the profile `{profile}`, which does not set {listed}",
                f"set {', '.join(f'`{key} = {value}`' for key, value in missing.items())} in `[profile.{profile}]`",
                _guarded(added, other_products(crate, project)),
            )


def _guarded(fix: Fix | None, others: str) -> Fix | None:
    """The fix, unsafe if it changes how something else is built."""
    if fix is None or not others:
        return fix
    return replace(fix, safety=Safety.UNSAFE, note=f"It affects {others} too.")
