"""The input and the result of adopting a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from pyo3_kit.merge.model import FileMerge
from pyo3_kit.project.location import Project


class Sure(Enum):
    """How certain an inferred answer is; the value appears in output and JSON."""

    CERTAIN = "certain"
    LIKELY = "likely"
    DEFAULT = "a default"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Inferred:
    """An answer and its origin: a file with its line, or the reason for a default."""

    value: Any
    source: str
    sure: Sure = Sure.CERTAIN


@dataclass(frozen=True, slots=True)
class AdoptRequest:
    """The project to adopt.

    `crate` is the binding crate if there are several, by name or folder; `to` is a version of the template,
    by default the newest. `only` and `without` are ids of groups; `only` can include groups declined by default.
    """

    path: Path | None = None
    crate: str | None = None
    to: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A group of changes: `files` are the files it would change; `declined` is why it is off by default."""

    id: str
    title: str
    files: tuple[str, ...]
    declined: str = ""


@dataclass(frozen=True, slots=True)
class Differs:
    """A value that differs from the template's and is kept."""

    path: str
    key: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Adoption:
    """The plan for adopting a project.

    `answers` are the recorded ones, `inferred` their origins. `offers` are the groups that have
    something for the project, `accepted` the ids of the accepted ones. `files` are the outcomes of all files, the
    answers file included; empty if the project is `already` adopted.
    """

    project: Project
    template: str
    version: str
    crate: str
    already: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)
    inferred: Mapping[str, Inferred] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    accepted: frozenset[str] = frozenset()
    files: tuple[FileMerge, ...] = ()
    differs: tuple[Differs, ...] = ()
    notes: tuple[str, ...] = ()
