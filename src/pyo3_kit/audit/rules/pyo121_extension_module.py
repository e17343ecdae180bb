"""PYO121."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath
from typing import Any

from pyo3_kit.audit.manifests import Crate, Dependency, TomlFile, table
from pyo3_kit.audit.model import Finding, Fix, Safety
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.requirements import build_requirement
from pyo3_kit.audit.rule import CrateRule

_FEATURE = "extension-module"
_FLOORS = {"maturin": (1, 9, 4), "setuptools-rust": (1, 12)}
"""Build tools, and the versions since which they set PyO3's environment variable."""


class PYO121(CrateRule):
    """The feature `extension-module`.

    ## What it does

    Finds pyo3's feature `extension-module` in a dependency's features, enabled by a feature of the crate, and among
    the features that `[tool.maturin]` or `[[tool.setuptools-rust.ext-modules]]` enable.

    ## Why

    It is deprecated. maturin (since 1.9.4) and setuptools-rust (since 1.12) set an environment variable that makes
    PyO3 build an extension module. The feature applies to `cargo test` and binaries too, which then do not link;
    hence the workaround of a default feature in the crate.

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

    If something other than maturin or setuptools-rust builds the module: set `PYO3_BUILD_EXTENSION_MODULE=1` there.

    ## Fix

    Removes the feature from the dependency. Safe if pyproject.toml requires a maturin that does not need it, or such
    a setuptools-rust and lists the modules with PyO3's binding. Otherwise unsafe, since an older version would link
    libpython.
    """

    title = "feature `extension-module`"
    fix = Safety.SAFE
    since = (0, 26)

    def check(self, crate: Crate, project: Project) -> Iterator[Finding]:
        """Report the feature in the dependency, in the crate's own features, or in the build settings."""
        depends = crate.pyo3
        key = depends.at[-1]
        asked = {f"{key}/{_FEATURE}", f"{key}?/{_FEATURE}"}
        tools = _Tools(project)
        if _FEATURE in depends.features:
            manifest, at = _where(crate, depends)
            yield self.finding(
                manifest.path,
                manifest.place(*at, "features"),
                f"pyo3's feature `{_FEATURE}` is deprecated and prevents `cargo test` from linking",
                f"remove it; {tools.way_out}",
                _removal(at, tools),
            )
        for name, entries in table(crate.manifest.data, "features").items():
            if isinstance(entries, list) and asked.intersection(map(str, entries)):
                yield self.finding(
                    crate.manifest.path,
                    crate.manifest.place("features", name),
                    f"the feature `{name}` enables pyo3's deprecated `{_FEATURE}`",
                    f"remove it here and where it is enabled; {tools.way_out}",
                )
        for pyproject, at, features in _built_with(crate, project):
            if asked.intersection(features):
                yield self.finding(
                    pyproject.path,
                    pyproject.place(*at, "features"),
                    f"the build enables pyo3's deprecated feature `{_FEATURE}`",
                    f"remove it; {tools.way_out}",
                )


class _Tools:
    """The tools that build the project's modules: names, versions that need no feature, whether these are required."""

    def __init__(self, project: Project) -> None:
        self.names: dict[str, tuple[int, ...]] = {}
        is_new_enough = []
        for pyproject in project.pyprojects:
            for name, floor in _FLOORS.items():
                required = build_requirement(pyproject, name)
                if required is not None:
                    self.names[name] = floor
                    is_new_enough.append(required.lowest is not None and required.lowest >= floor)
        self.new_enough = bool(is_new_enough) and all(is_new_enough)
        self.sure = self.new_enough and ("setuptools-rust" not in self.names or _binds_pyo3(project))

    @property
    def way_out(self) -> str:
        """What replaces the feature."""
        listed = " or ".join(f"{name}>={'.'.join(map(str, floor))}" for name, floor in self._listed)
        return f"{listed} replaces it{'' if self.new_enough else ' (require it in pyproject.toml)'}"

    @property
    def note(self) -> str:
        """What fails without such a version."""
        parts = [f"a {name} before {'.'.join(map(str, floor))}" for name, floor in self._listed]
        if "setuptools-rust" in self.names:
            parts.append("setuptools-rust with a binding other than `PyO3`")
        listed = ", or ".join(parts)
        return f"{listed[0].upper()}{listed[1:]} then links the module to libpython."

    @property
    def _listed(self) -> list[tuple[str, tuple[int, ...]]]:
        return list((self.names or {"maturin": _FLOORS["maturin"]}).items())


def _binds_pyo3(project: Project) -> bool:
    """Whether pyproject.toml lists setuptools-rust's modules, all with PyO3's binding."""
    listed = [module for one in project.pyprojects for module in _modules(one)]
    return bool(listed) and all(str(one.get("binding", "PyO3")).lower() == "pyo3" for one in listed)


def _built_with(crate: Crate, project: Project) -> Iterator[tuple[TomlFile, tuple[str, ...], list[str]]]:
    """The features that a crate is built with: the file, the place, and the feature."""
    for pyproject in project.pyprojects:
        tables: list[tuple[tuple[str, ...], Mapping[str, Any], str]]
        tables = [(("tool", "maturin"), table(pyproject.data, "tool", "maturin"), "manifest-path")]
        tables += [(("tool", "setuptools-rust", "ext-modules"), one, "path") for one in _modules(pyproject)]
        for at, data, key in tables:
            path = normpath(join(dirname(pyproject.path), str(data.get(key, "Cargo.toml"))))
            features = data.get("features")
            if path == crate.manifest.path and isinstance(features, list):
                yield pyproject, at, [str(one) for one in features]


def _modules(pyproject: TomlFile) -> list[Mapping[str, Any]]:
    listed = pyproject.get("tool", "setuptools-rust", "ext-modules")
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def _where(crate: Crate, depends: Dependency) -> tuple[TomlFile, tuple[str, ...]]:
    """The manifest that lists the feature: the workspace's if the dependency is inherited and does not list it."""
    own = table(crate.manifest.data, *depends.at).get("features")
    if depends.inherited and crate.workspace and not (isinstance(own, list) and _FEATURE in own):
        return crate.workspace, ("workspace", "dependencies", depends.at[-1])
    return crate.manifest, depends.at


def _removal(at: tuple[str, ...], tools: _Tools) -> Fix:
    def change(document: Any) -> None:
        found = document
        for key in at:
            found = found[key]
        features = found["features"]
        features.remove(_FEATURE)
        if not features:
            _remove(found, "features")

    if tools.sure:
        return Fix(change=change)
    return Fix(change=change, safety=Safety.UNSAFE, note=tools.note)


def _remove(found: Any, key: str) -> None:
    from tomlkit.items import InlineTable, Null, Whitespace

    if isinstance(found, InlineTable):
        body = found.value.body
        at = next(number for number, (one, _) in enumerate(body) if one is not None and one.key == key)
        # tomlkit leaves the spaces on both sides of a removed item.
        if at and isinstance(body[at - 1][1], Whitespace):
            body[at - 1] = (None, Null())
    del found[key]
