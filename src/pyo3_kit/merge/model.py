"""What goes into a merge and what comes out of it; neither knows a disk, Git or Copier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class File:
    """A file's content and mode; of a symbolic link (`link`) the content is its target."""

    content: bytes
    executable: bool = False
    link: bool = False


Tree = Mapping[str, File]
"""Files by their path, relative to the project, with `/` between its parts."""


class Outcome(Enum):
    """What an update does with a file; the value is the word that people and programs read."""

    UNCHANGED = "unchanged"
    UPDATED = "updated"
    MERGED = "merged"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    KEPT = "kept"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Labels:
    """What conflict markers call the three sides, for example `yours`, `template v0.1.0`, `template v0.2.0`."""

    ours: str = "yours"
    base: str = "template before"
    theirs: str = "template now"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One place that the user has to decide.

    `key` names it in a file that is merged by key (`dependencies.pyo3.version`, `jobs.test.steps[name=Build].with`);
    `line` is the first line of its markers, counted from 1, in a text that carries them. The three sides are the texts
    that conflict; None where a side has nothing there.
    """

    path: str
    key: str | None
    line: int | None
    base: str | None
    ours: str | None
    theirs: str | None


@dataclass(frozen=True, slots=True)
class Merged:
    """Three texts merged into one; with conflicts where the user has to decide."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class FileMerge:
    """What becomes of one file.

    `result` is what will be at `path` (None: nothing). `ours` is what is there now. `source` is the path that a
    renamed file comes from, which is removed. `stages` are base, ours and theirs of a text that carries conflict
    markers, for Git's index; None everywhere else. `reason` is one clause for people.
    """

    path: str
    outcome: Outcome
    reason: str
    ours: File | None
    result: File | None
    source: str | None = None
    conflicts: tuple[Conflict, ...] = ()
    stages: tuple[File | None, File | None, File | None] | None = None

    @property
    def writes(self) -> bool:
        """Whether the project changes at this path, or at the one that the file comes from."""
        return self.result != self.ours or self.source is not None
