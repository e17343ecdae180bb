"""What a migration is, and what is told about one that was applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Context:
    """A project at one side of a move: its template's version, as `_commit` has it, and its answers."""

    version: str | None
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A line that a person has to look at, counted from 1, and why."""

    path: str
    line: int
    note: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration that found something to do.

    `paths` are the files that it changed, `notes` what it did to answers, `review` the places that it left to a person.
    `safe` tells that what it changed needs no look: the code does what it did.
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
    """The step that a migration belongs to: of the template's version, or of the answer to a question.

    `before` is None where any older version will do. `after` is where the old form is gone, or means something else.
    Where the new form works earlier, `since` says from where on: the step is taken by who gets at least there. `until`
    says where it is needed no more.
    """

    answer: str | None
    before: Any
    after: Any
    since: Any = None
    until: Any = None

    @property
    def step(self) -> Any:
        """Where the new form begins to work, by which migrations are put in order."""
        return self.after if self.since is None else self.since


@dataclass(frozen=True, slots=True)
class Migration:
    """One folder of `migrations/`; `folder` holds the rules, which are read when the migration is applied.

    `last` puts it after the others of its step, because it tidies up behind them. `beside` names a file and a word:
    only a project in which such a file holds the word has it. `macros` are words by which a macro's body is named.
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


@dataclass(frozen=True, slots=True)
class Migrations:
    """All migrations that a version of a template carries, in the order of their names."""

    all: tuple[Migration, ...] = ()
    rules: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What was read of the rules so far, by the migration's name."""

    def of(self, kind: str) -> list[Migration]:
        """Those of one kind, `answers` or `code`."""
        return [migration for migration in self.all if migration.kind == kind]
