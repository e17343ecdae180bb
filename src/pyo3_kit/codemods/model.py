"""Migrations, and the report of an applied migration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Context:
    """A project before or after a migration: its template's version (`_commit`) and its answers."""

    version: str | None
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A line (from 1) to change by hand, and why."""

    path: str
    line: int
    note: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration that made a change or found a place.

    `paths` are the files that it changed, `notes` what it did to answers, `review` the places to change by hand.
    `safe` if its changes need no review, because the behaviour is unchanged.
    """

    id: str
    title: str
    why: str
    docs: str
    safe: bool
    paths: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    review: tuple[ReviewItem, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """The step that a migration belongs to: of the template's version, or of an answer.

    `before` is None for any older version. `after` is the version in which the old form is removed or changes meaning.
    If the new form works earlier, `since` is the first version with it: the step applies from there on. `until`
    is the first version that no longer needs the step.
    """

    answer: str | None
    before: Any
    after: Any
    since: Any = None
    until: Any = None

    @property
    def step(self) -> Any:
        """The first version with the new form, by which migrations are sorted."""
        return self.after if self.since is None else self.since


@dataclass(frozen=True, slots=True)
class Migration:
    """One folder of `migrations/`; `folder` contains the rules, which are read when the migration is applied.

    `last` puts it after the others of its step, to clean up after them. `beside` is a file and a word:
    it only applies if such a file contains the word. `requires` are a `dependency` and a `line`: it skips files of
    crates that require less. `macros` are words for which macros are reported.
    """

    id: str
    kind: str
    title: str
    why: str
    docs: str
    safe: bool
    when: When
    folder: Path
    files: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    macros: tuple[str, ...] = ()
    steps: tuple[Mapping[str, Any], ...] = ()
    last: bool = False
    beside: Mapping[str, str] | None = None
    requires: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Migrations:
    """All migrations of a template's version, sorted by name."""

    all: tuple[Migration, ...] = ()
    rules: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """The rules that were read so far, by the migration's name."""
    pins: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False, compare=False)
    """The releases of PyO3 and its companion crates for exact requirements, by line and crate."""

    def of(self, kind: str) -> list[Migration]:
        """The migrations of one kind, `answers` or `code`."""
        return [migration for migration in self.all if migration.kind == kind]
