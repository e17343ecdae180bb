"""Facts about the project to adopt: its binding crate, its manifests, its file names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Any

from pyo3_kit.audit.crates import Manifests
from pyo3_kit.audit.manifests import Crate, TomlFile
from pyo3_kit.audit.profiles import is_module, other_products
from pyo3_kit.audit.project import TEST_FOLDERS, Project, read_project
from pyo3_kit.audit.walk import collect
from pyo3_kit.errors import Refused
from pyo3_kit.system.reading import read_text
from pyo3_kit.texts.toml import parse_toml

if TYPE_CHECKING:
    from pyo3_kit.project.location import Project as Place

OLDEST, NEWEST = (0, 28), (0, 30)
_UV = re.compile(r"\bastral-sh/setup-uv\b|\buv (?:build|pip|run|sync)\b")
_SIDE_FOLDERS = TEST_FOLDERS | {
    *("bench", "benchmarks", "doc", "docs", "example", "fixtures", "fuzz", "templates", "test", "testing"),
}
"""Folders with crates that are not what a project delivers."""
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
    nested: bool = False
    """Whether the project is in a folder of the repository."""

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

    @cached_property
    def local_crates(self) -> tuple[TomlFile, ...]:
        """The manifests of the crate and of the crates of the project that it depends on, directly or not."""
        return tuple(Manifests(self.project.manifests).closure(self.crate.manifest))

    @property
    def uses_uv(self) -> bool:
        """Whether uv builds the Python project."""
        file = self.pyproject
        if file is None or file.get("tool", "uv", "package") is False:
            return False
        texts = [workflow.text for workflow in self.project.workflows]
        lock_files = {self.below("uv.lock"), "uv.lock"}
        return file.get("tool", "uv") is not None or bool(lock_files & self.tracked) or any(map(_UV.search, texts))

    @cached_property
    def monorepo(self) -> str:
        """What else than the Python package is in the repository; empty if nothing is."""
        if self.folder:
            return f"the Python package is in {self.folder}"
        if others := other_products(self.crate, self.project):
            return f"{others} are here too"
        names = [
            dirname(one.path) or "."
            for one in self.project.pyprojects
            if one is not self.pyproject and one.get("project") is not None and not _is_example(one.path)
        ]
        return f"another Python package is in {names[0]}" if names else ""

    def is_own(self, path: str) -> bool:
        """Whether a path belongs to the Python project or its crate, not to another one in the repository."""
        folders = {dirname(one.path) for one in self.project.pyprojects} | set(map(dirname, self.project.manifests))
        folder = dirname(path)
        while folder and folder not in folders:
            folder = dirname(folder)
        return folder in (self.folder, self.crate.folder)

    def has_own(self, *patterns: str) -> str | None:
        """As `has`, of the paths that belong to the Python project or its crate."""
        own = replace(self, tracked=frozenset(filter(self.is_own, self.tracked)))
        return own.has(*patterns)

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


def _is_example(path: str) -> bool:
    return bool(_SIDE_FOLDERS & set(path.split("/")[:-1]))


def read_facts(place: Place, tracked: list[str], crate: str | None) -> Facts:
    """Read the project at `place`; `crate` selects the binding crate by name or folder if there are several.

    Raises `Refused` if it cannot be read, or does not have exactly one PyO3 crate on a line that the template supports.
    """
    collected = collect(place.root)
    texts = _without_second_names(place.root, collected.others)
    project, notices = read_project(texts, sources=collected.sources)
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
    return Facts(place.root, found, project, rust, frozenset(tracked), nested=place.root != place.top)


def _without_second_names(root: Path, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts by path, without those of links to other files among them."""

    def is_second_name(path: str) -> bool:
        link = root / path
        if not link.is_symlink():
            return False
        target = link.resolve()
        return target.is_relative_to(root) and target.relative_to(root).as_posix() in texts

    return {path: text for path, text in texts.items() if not is_second_name(path)}


def _crate(project: Project, named: str | None) -> Crate:
    crates = [crate for crate in project.crates if "pyo3" in crate.dependencies]
    if not crates:
        others = sorted(
            {name for file in project.manifests.values() for name in _dependencies(file) if name in _OTHERS}
        )
        what = f" It binds to Python with {' and '.join(others)}." if others else ""
        raise Refused(f"No crate here depends on pyo3.{what}", "The template only supports PyO3 projects.")
    if named is not None:
        return _named_crate(crates, named)
    root = [one for one in project.pyprojects if one.path == "pyproject.toml"]
    possible = crates
    for fits in (
        lambda crate: any(_names(one, crate) for one in root),
        lambda crate: not _is_example(crate.manifest.path),
        is_module,
        lambda crate: any(_names(one, crate) for one in project.pyprojects),
    ):
        possible = list(filter(fits, possible)) or possible
    if len(possible) > 1:
        raise Refused(
            f"Several crates could be the binding: {_listed(possible)}.",
            f"Select one, e.g. `--crate {_selector(possible[0], crates)}`.",
            crates=[crate.folder or "." for crate in possible],
        )
    return possible[0]


def _named_crate(crates: list[Crate], named: str) -> Crate:
    wanted = normpath(named).removeprefix("./")
    for chosen in (
        [crate for crate in crates if (crate.folder or ".") == wanted],
        [crate for crate in crates if crate.name == named],
    ):
        if len(chosen) > 1:
            raise Refused(
                f"Several crates here are called `{named}`: {_listed(chosen)}.",
                f"Select one by its folder, e.g. `--crate {_selector(chosen[0], crates)}`.",
            )
        if chosen:
            return chosen[0]
    raise Refused(f"No crate `{named}` here depends on pyo3.", f"Crates that do: {_listed(crates)}.")


def _selector(crate: Crate, crates: list[Crate]) -> str:
    """What selects a crate with `--crate`: its name, or its folder if another has the same name."""
    return crate.name if [one.name for one in crates].count(crate.name) == 1 else crate.folder or "."


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
