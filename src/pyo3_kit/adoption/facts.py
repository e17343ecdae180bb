"""Facts about the project to adopt: its binding crate, its manifests, its file names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Any

from pyo3_kit.audit.manifests import Crate, TomlFile
from pyo3_kit.audit.project import Project, read_project
from pyo3_kit.audit.walk import collect
from pyo3_kit.errors import Refused
from pyo3_kit.system.reading import read_text
from pyo3_kit.texts.toml import parse_toml

if TYPE_CHECKING:
    from pyo3_kit.project.location import Project as Place

OLDEST, NEWEST = (0, 28), (0, 30)
_OTHERS = ("uniffi", "cffi", "cpython", "rustpython", "pyo3-ffi")


@dataclass(frozen=True)
class Facts:
    """The facts about the project; all paths are relative to its root, with slashes."""

    root: Path
    crate: Crate
    project: Project
    rust: Mapping[str, str]
    """The texts of the crate's own Rust files, by path."""
    tracked: frozenset[str]

    @cached_property
    def pyproject(self) -> TomlFile | None:
        """The pyproject.toml that builds the crate: next to it, with its manifest path, or the nearest above."""
        found = {dirname(one.path): one for one in self.project.pyprojects}
        folder = self.crate.folder
        if folder in found and found[folder].get("tool", "maturin", "manifest-path") is None:
            return found[folder]
        for place, one in found.items():
            named = one.get("tool", "maturin", "manifest-path")
            if isinstance(named, str) and normpath(join(place, named)) == self.crate.manifest.path:
                return one
        while folder not in found and folder:
            folder = dirname(folder)
        return found.get(folder)

    @property
    def folder(self) -> str:
        """The folder of the Python project: that of its pyproject.toml, or else the crate's."""
        return self.crate.folder if self.pyproject is None else dirname(self.pyproject.path)

    @property
    def maturin(self) -> bool:
        """Whether maturin builds it."""
        return self.pyproject is not None and self.pyproject.get("build-system", "build-backend") == "maturin"

    def package(self, key: str) -> tuple[Any, str]:
        """A value of the crate's `[package]`, or of the workspace if inherited, and its place."""
        value = self.crate.manifest.get("package", key)
        if isinstance(value, Mapping) and value.get("workspace") is True and self.crate.workspace is not None:
            file, path = self.crate.workspace, ("workspace", "package", key)
            return file.get(*path), at(file, *path)
        return value, at(self.crate.manifest, "package", key)

    def has(self, *patterns: str) -> str | None:
        """The first tracked path that matches one of the patterns; a leading `/` anchors a pattern at the root."""

        def fits(path: str, pattern: str) -> bool:
            parts = len(PurePosixPath(pattern.lstrip("/")).parts)
            rooted = pattern.startswith("/") and len(PurePosixPath(path).parts) != parts
            return not rooted and PurePosixPath(path).match(pattern.lstrip("/"))

        return next((path for path in sorted(self.tracked) if any(fits(path, one) for one in patterns)), None)

    def below(self, folder: str) -> str:
        """A path inside the Python project's folder, relative to the root."""
        return normpath(join(self.folder, folder))


def at(file: TomlFile, *path: str) -> str:
    """The place of a key, as displayed: `Cargo.toml:12`."""
    return f"{file.path}:{file.text.count(chr(10), 0, file.place(*path).start) + 1}"


def read_facts(place: Place, tracked: list[str], crate: str | None) -> Facts:
    """Read the project at `place`; `crate` selects the binding crate by name or folder if there are several.

    Raises `Refused` if it cannot be read, or does not have exactly one PyO3 crate on a line that the template supports.
    """
    collected = collect(place.root)
    project, notices = read_project(collected.others)
    unread = {
        notice.path: notice.text.removesuffix("; not checked")
        for notice in (*collected.notices, *notices)
        if notice.path.endswith(("Cargo.toml", "pyproject.toml"))
    }
    if not project.manifests and not unread:
        raise Refused(f"There is no Cargo.toml in {place.root}.", "Pass the folder of a PyO3 project.")
    found = None if unread and not project.crates else _crate(project, crate)
    for path, why in unread.items():
        # Manifests that do not concern the crate, such as test fixtures, may be broken on purpose.
        if (
            found is None
            or found.folder == dirname(path)
            or f"{found.folder}/".startswith(f"{dirname(path)}/".lstrip("/"))
        ):
            raise Refused(f"{path} {why}.", "Fix the file; the answers are inferred from it.")
    assert found is not None
    _refuse_workspace_above(place, found)
    _refuse_line(found)
    rust = {path: text for path, text in collected.rust.items() if project.crate_of(path) is found}
    return Facts(place.root, found, project, rust, frozenset(tracked))


def _crate(project: Project, named: str | None) -> Crate:
    crates = [crate for crate in project.crates if "pyo3" in crate.dependencies]
    if not crates:
        others = sorted(
            {name for file in project.manifests.values() for name in _dependencies(file) if name in _OTHERS}
        )
        what = f" It binds to Python with {' and '.join(others)}." if others else ""
        raise Refused(f"No crate here depends on pyo3.{what}", "The template only supports PyO3 projects.")
    if named is not None:
        wanted = normpath(named).removeprefix("./")
        chosen = [crate for crate in crates if crate.name == named or (crate.folder or ".") == wanted]
        if len(chosen) != 1:
            raise Refused(f"No crate `{named}` here depends on pyo3.", f"Crates that do: {_listed(crates)}.")
        return chosen[0]
    for narrower in (
        [crate for crate in crates if "cdylib" in crate.crate_types],
        [crate for crate in crates if any(_names(one, crate) for one in project.pyprojects)],
    ):
        if len(narrower) == 1:
            return narrower[0]
    if len(crates) > 1:
        raise Refused(
            f"Several crates could be the binding: {_listed(crates)}.",
            f"Select one, e.g. `--crate {crates[0].name}`.",
            crates=[crate.folder or "." for crate in crates],
        )
    return crates[0]


def _names(file: TomlFile, crate: Crate) -> bool:
    named = file.get("tool", "maturin", "manifest-path")
    manifest = normpath(join(dirname(file.path), named if isinstance(named, str) else "Cargo.toml"))
    return manifest == crate.manifest.path


def _dependencies(file: TomlFile) -> list[str]:
    found: list[str] = []
    for kind in ("dependencies", "build-dependencies"):
        table = file.get(kind)
        found += table if isinstance(table, Mapping) else []
    return found


def _listed(crates: list[Crate]) -> str:
    return ", ".join(f"{crate.name} ({crate.folder or '.'})" for crate in crates)


def _refuse_workspace_above(place: Place, crate: Crate) -> None:
    """Raise `Refused` if the crate belongs to a workspace outside the project, which defines profiles and versions."""
    if crate.workspace is not None:
        return
    inside = (place.root / crate.folder).relative_to(place.top)
    for folder in place.root.parents:
        if not folder.is_relative_to(place.top):
            return
        try:
            data = parse_toml(read_text(folder / "Cargo.toml"))
        except (OSError, ValueError):
            continue
        workspace = data.get("workspace")
        if not isinstance(workspace, Mapping):
            continue
        within = (place.top / inside).relative_to(folder).as_posix()
        excluded = workspace.get("exclude") or ()
        if any(within == one or within.startswith(f"{one}/") for one in map(str, excluded)):
            return
        raise Refused(
            f"{crate.name} belongs to the workspace in {folder}, which defines how it is built.",
            f"Adopt the workspace: `pyo3-kit adopt {folder} --crate {crate.name}`.",
        )


def _refuse_line(crate: Crate) -> None:
    line = crate.pyo3_version[:2]
    shown = ".".join(map(str, line))
    if line < OLDEST:
        raise Refused(
            f"{crate.name} is on PyO3 {shown}; the template supports 0.28, 0.29 and 0.30.",
            "Migrate it first: `pyo3-kit migrate --to 0.30`.",
        )
    if line > NEWEST:
        raise Refused(
            f"{crate.name} is on PyO3 {shown}, which this version of pyo3-kit does not support.", "Upgrade pyo3-kit."
        )
