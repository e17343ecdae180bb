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
from pyo3_kit.audit.targets import has_library, has_programs

_TYPE_KEYS = ("crate-type", "crate_type")


class PYO124(CrateRule):
    """A Python module whose crate type is not `cdylib`.

    ## What it does

    Finds the crate that maturin builds, set by `manifest-path` or with its Cargo.toml next to pyproject.toml, if its
    `crate-type` does not contain `cdylib`. Crates with programs (such as `src/main.rs` and those in `src/bin`) or
    without a library are not reported.

    ## Why

    Python loads a dynamic library with a C interface, and only `cdylib` is one: a `dylib` contains all of Rust's
    symbols and metadata, and a `lib` cannot be loaded. Current versions of maturin ask the compiler for a `cdylib` by
    themselves; `cargo build` does not.

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

    If maturin builds a program: set `bindings = "bin"`.

    ## Fix

    Adds `cdylib` to the crate types, and `rlib` if there were none, so that other crates can still use it.
    """

    title = "module without crate type `cdylib`"
    severity = Severity.ERROR
    fix = Safety.SAFE

    def check(self, crate: Crate, project: Project) -> Iterator[Finding]:
        """Report the crate of a pyproject.toml if none of its types is `cdylib`."""
        if "cdylib" in crate.crate_types:
            return
        if has_programs(crate.manifest, project) or not has_library(crate.manifest, project):
            # maturin builds the program, or reports that there is nothing to build.
            return
        if not any(_builds(pyproject, crate) for pyproject in project.pyprojects):
            return
        key = next((key for key in _TYPE_KEYS if crate.manifest.get("lib", key) is not None), _TYPE_KEYS[0])
        yield self.finding(
            crate.manifest.path,
            crate.manifest.place("lib", key),
            "this crate is built as a Python module, but its crate type is not `cdylib`",
            'set `crate-type = ["cdylib"]` in `[lib]`',
            _fix(crate, key),
        )


def _builds(pyproject: TomlFile, crate: Crate) -> bool:
    """Whether maturin builds this crate as a module."""
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
