"""PYO124."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import Any

from pyo3_kit.audit.adding import addition
from pyo3_kit.audit.manifests import Crate, TomlFile
from pyo3_kit.audit.model import Finding, Fix, Safety, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import CrateRule
from pyo3_kit.audit.rules._targets import has_library, has_programs

_TYPE_KEYS = ("crate-type", "crate_type")


class PYO124(CrateRule):
    """A Python module whose crate type is not `cdylib`.

    ## What it does

    Finds the crate that maturin builds, by `manifest-path` or because its Cargo.toml lies beside pyproject.toml, where
    its `crate-type` does not hold `cdylib`. A crate with programs, which may be `src/main.rs` and what is in `src/bin`,
    or without a library is left alone.

    ## Why

    Python loads a dynamic library with a C interface, and only `cdylib` is that: a `dylib` carries all of Rust's
    symbols and metadata, a `lib` cannot be loaded at all, and maturin finds nothing to put into the wheel.

    ## Example

    ```toml
    [lib]
    name = "fast"
    ```

    ## Use instead

    ```toml
    [lib]
    name = "fast"
    crate-type = ["cdylib"]
    ```

    ## When not

    Where maturin builds a program: say so by `bindings = "bin"`.

    ## Fix

    Adds `cdylib` to the crate's types, and `rlib` where there were none, so that other crates can still use it.
    """

    title = "module without crate type `cdylib`"
    severity = Severity.ERROR
    fix = Safety.SAFE

    def check(self, crate: Crate, project: Project) -> Iterator[Finding]:
        """The crate of a pyproject.toml, when no type of it is `cdylib`."""
        if "cdylib" in crate.crate_types:
            return
        if has_programs(crate.manifest, project) or not has_library(crate.manifest, project):
            # maturin builds the program, or says that there is nothing to build.
            return
        if not any(_builds(pyproject, crate) for pyproject in project.pyprojects):
            return
        key = next((key for key in _TYPE_KEYS if crate.manifest.get("lib", key) is not None), _TYPE_KEYS[0])
        yield self.finding(
            crate.manifest.path,
            crate.manifest.place("lib", key),
            "this crate is built to a Python module, and its crate type is not `cdylib`",
            'set `crate-type = ["cdylib"]` in `[lib]`',
            _fix(crate, key),
        )


def _builds(pyproject: TomlFile, crate: Crate) -> bool:
    """Whether maturin builds this crate to a module."""
    if pyproject.get("build-system", "build-backend") != "maturin":
        return False
    if pyproject.get("tool", "maturin", "bindings") not in (None, "pyo3"):
        return False
    named = pyproject.get("tool", "maturin", "manifest-path")
    path = normpath(join(dirname(pyproject.path), named if isinstance(named, str) else "Cargo.toml"))
    return path == crate.manifest.path


def _fix(crate: Crate, key: str) -> Fix | None:
    if crate.manifest.get("lib", key) is None:
        return addition(crate.manifest, ("lib",), {key: '["cdylib", "rlib"]'})

    def change(document: Any) -> None:
        types = document["lib"].get(key)
        if isinstance(types, list):
            types.append("cdylib")
        else:
            document["lib"][key] = list(dict.fromkeys([str(types), "cdylib"]))

    return Fix(change=change)
