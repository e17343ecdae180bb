"""The targets of a crate: those in its manifest, and those that cargo finds by convention."""

from __future__ import annotations

import re
from posixpath import dirname

from pyo3_kit.audit.manifests import TomlFile
from pyo3_kit.audit.project import Project

_PROGRAM = re.compile(r"src/main\.rs|src/bin/[^/]+(?:\.rs|/main\.rs)")


def has_library(manifest: TomlFile, project: Project) -> bool:
    """Whether a crate has a library."""
    if manifest.get("lib") is not None:
        return True
    return manifest.get("package", "autolib") is not False and "src/lib.rs" in _sources(manifest, project)


def has_programs(manifest: TomlFile, project: Project) -> bool:
    """Whether a crate has programs."""
    if manifest.get("bin"):
        return True
    if manifest.get("package", "autobins") is False:
        return False
    return any(_PROGRAM.fullmatch(path) for path in _sources(manifest, project))


def _sources(manifest: TomlFile, project: Project) -> set[str]:
    """The Rust files of a crate, relative to its folder."""
    folder = dirname(manifest.path)
    prefix = f"{folder}/" if folder else ""
    return {path[len(prefix) :] for path in project.sources if path.startswith(f"{prefix}src/")}
