"""PYO121."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyo3_kit.audit.manifests import Crate, Dependency, TomlFile, table
from pyo3_kit.audit.model import Finding, Fix, Safety
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.requirements import build_requirement
from pyo3_kit.audit.rule import CrateRule

_FEATURE = "extension-module"


class PYO121(CrateRule):
    """The feature `extension-module`.

    ## What it does

    Finds pyo3's feature `extension-module` in a dependency's features or behind a feature of the crate.

    ## Why

    It is deprecated. maturin (from 1.9.4 on) and setuptools-rust (from 1.12 on) tell PyO3 by an environment variable
    that they build an extension module. The feature does the same for `cargo test` and for binaries, which then do not
    link: hence the workarounds with a feature of one's own that is on by default.

    ## Example

    ```toml
    [dependencies]
    pyo3 = { version = "0.28", features = ["extension-module"] }
    ```

    ## Use instead

    ```toml
    [dependencies]
    pyo3 = "0.28"
    ```

    with `requires = ["maturin>=1.9.4,<2"]` in pyproject.toml.

    ## When not

    Where something else than maturin or setuptools-rust builds the module: set `PYO3_BUILD_EXTENSION_MODULE=1` there.

    ## Fix

    Takes the feature from the dependency. Safe where pyproject.toml asks for a maturin that needs it no more; unsafe
    where it does not, since an older maturin would link libpython.
    """

    title = "feature `extension-module`"
    fix = Safety.SAFE
    since = (0, 26)

    def check(self, crate: Crate, project: Project) -> Iterator[Finding]:
        """The feature in the dependency, the workspace's or the crate's, or behind the crate's own features."""
        depends = crate.pyo3
        if _FEATURE in depends.features:
            manifest, at = _where(crate, depends)
            yield self.finding(
                manifest.path,
                manifest.place(*at, "features"),
                f"pyo3's feature `{_FEATURE}` is deprecated and keeps `cargo test` from linking",
                f"remove it; maturin>=1.9.4 does what it did{_note(project)}",
                _removal(at, _new_enough(project)),
            )
        for name, entries in table(crate.manifest.data, "features").items():
            if isinstance(entries, list) and any(
                entry in (f"pyo3/{_FEATURE}", f"pyo3?/{_FEATURE}") for entry in entries
            ):
                yield self.finding(
                    crate.manifest.path,
                    crate.manifest.place("features", name),
                    f"the feature `{name}` brings pyo3's deprecated `{_FEATURE}`",
                    f"remove it here and where it is asked for; maturin>=1.9.4 does what it did{_note(project)}",
                )


def _where(crate: Crate, depends: Dependency) -> tuple[TomlFile, tuple[str, ...]]:
    """The manifest that lists the feature: the workspace's, when the dependency is inherited and lists it not."""
    own = table(crate.manifest.data, *depends.at).get("features")
    if depends.inherited and crate.workspace and not (isinstance(own, list) and _FEATURE in own):
        return crate.workspace, ("workspace", "dependencies", depends.at[-1])
    return crate.manifest, depends.at


def _new_enough(project: Project) -> bool:
    found = [build_requirement(one, "maturin") for one in project.pyprojects]
    lowest = [one.lowest for one in found if one is not None]
    return bool(lowest) and all(one is not None and one >= (1, 9, 4) for one in lowest)


def _note(project: Project) -> str:
    return "" if _new_enough(project) else " (ask for it in pyproject.toml)"


def _removal(at: tuple[str, ...], new_enough: bool) -> Fix:
    def change(document: Any) -> None:
        found = document
        for key in at:
            found = found[key]
        features = found["features"]
        features.remove(_FEATURE)
        if not features:
            _remove(found, "features")

    if new_enough:
        return Fix(change=change)
    return Fix(change=change, safety=Safety.UNSAFE, note="A maturin before 1.9.4 then links the module to libpython.")


def _remove(found: Any, key: str) -> None:
    from tomlkit.items import InlineTable, Null, Whitespace

    if isinstance(found, InlineTable):
        body = found.value.body
        at = next(number for number, (one, _) in enumerate(body) if one is not None and one.key == key)
        # tomlkit leaves the space on both sides of what it removes.
        if at and isinstance(body[at - 1][1], Whitespace):
            body[at - 1] = (None, Null())
    del found[key]
