"""Cargo.toml and pyproject.toml: what they say, where in the text, and what a workspace adds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from posixpath import dirname
from typing import TYPE_CHECKING, Any

from pyo3_kit.audit.model import Version
from pyo3_kit.texts.edits import Span

if TYPE_CHECKING:
    from pyo3_kit.merge.toml.nodes import Document

NEWEST: Version = (0, 30)
"""The PyO3 version that is assumed if it is unknown."""

NUMBER = re.compile(r"\d+(?:\.\d+){0,2}")


def table(value: Any, *path: str) -> Mapping[str, Any]:
    """The table at a path, an empty one when there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


@dataclass(frozen=True)
class TomlFile:
    """A TOML file; `path` is relative to the project's root."""

    path: str
    text: str
    data: Mapping[str, Any]

    def get(self, *path: str) -> Any:
        """The value at a path; None when there is none."""
        value: Any = self.data
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def place(self, *path: str) -> Span:
        """The span of the value, the pair or the header of a path.

        For a missing path, the span of its nearest parent, or else the first line.
        """
        for depth in range(len(path), 0, -1):
            if found := self._places.get(path[:depth]):
                return found
        return Span(0, len(self.text.partition("\n")[0].rstrip("\r")))

    @cached_property
    def document(self) -> Document | None:
        r"""The text cut up, its lines ended by `\n` alone; None when the reader does not understand it."""
        from pyo3_kit.merge.toml.reader import Unreadable, read

        plain = self.text.replace("\r\n", "\n")
        try:
            return read("", plain + ("" if plain.endswith("\n") else "\n"))
        except Unreadable:
            return None

    def at(self, index: int) -> int:
        """The place in the text of one in `document`."""
        return min(index + bisect_left(self._returns, index), len(self.text))

    @cached_property
    def _returns(self) -> list[int]:
        return [match.start() - number for number, match in enumerate(re.finditer("\r\n", self.text))]

    @cached_property
    def _places(self) -> dict[tuple[str, ...], Span]:
        found: dict[tuple[str, ...], Span] = {}
        document = self.document
        for statement in document.statements if document else ():
            value = statement.value
            start = self.at(statement.start)
            end = self.at(value.end if value is not None else statement.comment_at)
            found.setdefault(statement.path, Span(start, start + len(self.text[start:end].rstrip())))
            for cell in getattr(value, "cells", ()):
                if cell.name:
                    place = Span(self.at(cell.value.start), self.at(cell.value.end))
                    found.setdefault((*statement.path, cell.name), place)
        return found


def crate_types(manifest: TomlFile) -> tuple[str, ...]:
    """`[lib] crate-type` of a Cargo.toml."""
    value = manifest.get("lib", "crate-type") or manifest.get("lib", "crate_type")
    return tuple(map(str, value)) if isinstance(value, list) else ()


@dataclass(frozen=True)
class Dependency:
    """A crate that another depends on, with what a workspace says about it already put in.

    `at` is the path in the manifest's data: `("dependencies", "pyo3")`.
    """

    name: str
    requirement: str | None
    features: frozenset[str]
    default_features: bool
    optional: bool
    inherited: bool
    at: tuple[str, ...]

    @property
    def lowest(self) -> Version | None:
        """The lowest version that the requirement allows, if it can be determined."""
        for part in (self.requirement or "").split(","):
            number = NUMBER.search(part)
            if number and not part.strip().startswith("<"):
                return tuple(int(piece) for piece in number[0].split("."))
        return None


@dataclass(frozen=True)
class Crate:
    """A crate that depends on pyo3."""

    manifest: TomlFile
    workspace: TomlFile | None
    """The manifest with `[workspace]` that it belongs to; the same file for a workspace's root package."""
    dependencies: Mapping[str, Dependency]
    """Normal ones, by the crate's real name."""
    other_dependencies: Mapping[str, Dependency]
    """For development and for the build script."""
    pyo3_version: Version
    """Locked, else the lowest that the requirement allows, else the newest."""
    locked: Version | None
    """PyO3's version in Cargo.lock."""
    pyo3_features: frozenset[str] = frozenset()
    """After unification: what any crate of the workspace, or its own default features, ask of pyo3."""
    build_script: str = ""

    @property
    def name(self) -> str:
        """The package's name."""
        return str(self.manifest.get("package", "name") or "")

    @property
    def folder(self) -> str:
        """Where its Cargo.toml is, "" for the project's root."""
        return dirname(self.manifest.path)

    @property
    def pyo3(self) -> Dependency:
        """How it depends on pyo3."""
        found = self.dependencies.get("pyo3") or self.other_dependencies["pyo3"]
        return found

    @property
    def crate_types(self) -> tuple[str, ...]:
        """`[lib] crate-type`."""
        return crate_types(self.manifest)

    @property
    def profiles(self) -> TomlFile:
        """The manifest whose `[profile.*]` counts: the workspace's root, where there is one."""
        return self.workspace or self.manifest

    def depends_on(self, *names: str) -> bool:
        """Whether one of these is among its normal dependencies."""
        return any(name in self.dependencies for name in names)
