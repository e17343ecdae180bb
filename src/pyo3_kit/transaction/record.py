"""What a journal holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NOTES = ".pyo3-kit/conflicts"
"""The folder of the files that describe conflicts."""

FLAGS = {"h": "--assume-unchanged", "S": "--skip-worktree"}
"""The options of `git update-index` that bring back what an entry was marked with, by Git's letter for the mark."""


@dataclass(frozen=True, slots=True)
class Side:
    """What is at a path: a `file`, a `link` (its content is its target) or a `folder`.

    `start` and `length` are where the content is in the journal's `contents`.
    """

    kind: str
    digest: str
    mode: int
    start: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One move: `path` goes from `before` to `after`, None being nothing. The empty path is Git's index."""

    path: str
    before: Side | None = None
    after: Side | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """What `git update-index --index-info` reads to show the conflicts, or to bring back the entries before them.

    `flags` names, by option of `git update-index`, the paths whose entries had that flag.
    """

    before: str
    after: str
    flags: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Journal:
    """All that is needed to apply or undo an update, in the order in which it is applied.

    `made` are the folders that do not exist before, `emptied` those that may be left empty, with their modes;
    `conflicts` the files with conflicts, `marked` those of them with markers, each with the lines like
    markers that are its own; `sidecars` the files that describe conflicts.
    """

    token: str
    steps: tuple[Step, ...]
    meta: Mapping[str, Any]
    made: tuple[str, ...] = ()
    emptied: Mapping[str, int] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    marked: Mapping[str, list[str]] = field(default_factory=dict)
    sidecars: tuple[str, ...] = ()
    index: Index | None = None
