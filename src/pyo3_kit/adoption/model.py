"""What adopting a project takes in and gives out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from pyo3_kit.merge.model import FileMerge
from pyo3_kit.project.location import Project


class Sure(Enum):
    """How sure an inferred answer is; the value is the word that people and programs read."""

    CERTAIN = "certain"
    LIKELY = "likely"
    DEFAULT = "a default"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Inferred:
    """An answer, and where it comes from: a file with its line, or the reason for a default."""

    value: Any
    source: str
    sure: Sure = Sure.CERTAIN


@dataclass(frozen=True, slots=True)
class AdoptRequest:
    """What is to be adopted.

    `crate` names the binding crate where there are several, by its name or its folder; `to` a version of the template,
    the newest without. `only` and `without` are ids of groups; `only` also takes those that are declined by default.
    """

    path: Path | None = None
    crate: str | None = None
    to: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """One group of changes: `files` are what it would touch; `declined` is why it is not taken unless named."""

    id: str
    title: str
    files: tuple[str, ...]
    declined: str = ""


@dataclass(frozen=True, slots=True)
class Differs:
    """A value that is not the template's and stays."""

    path: str
    key: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Adoption:
    """What adopting a project does.

    `answers` are those that are recorded, `inferred` says where each comes from. `offers` are the groups that have
    something for the project, `accepted` the ids of those that are taken. `files` is what becomes of each file, the
    answers file among them; empty when the project is adopted `already`.
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
