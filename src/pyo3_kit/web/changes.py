"""What differs between two renders: files added, removed and changed, and the lines that differ."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyo3_kit.merge.model import File

_LINES = 400
"""Of one file's diff; a page is to be read."""

_SIZE = 200_000
"""Bytes up to which files are compared by line: comparing takes time that grows faster than they do."""


@dataclass(frozen=True, slots=True)
class Change:
    """One file that differs; `kind` is `added`, `removed` or `changed`. `diff` holds unified lines, or a reason."""

    path: str
    kind: str
    added: int
    removed: int
    diff: list[str] = field(default_factory=list)


def compare(before: Mapping[str, File], after: Mapping[str, File]) -> list[Change]:
    """The files that differ, sorted by path."""
    changes = []
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old != new:
            kind = "added" if old is None else "removed" if new is None else "changed"
            changes.append(_change(path, kind, old, new))
    return changes


def lines_of(file: File | None) -> list[str] | None:
    """The lines of a text; None for other content."""
    if file is None:
        return []
    try:
        return file.content.decode().splitlines()
    except UnicodeDecodeError:
        return None


def _change(path: str, kind: str, old: File | None, new: File | None) -> Change:
    before, after = lines_of(old), lines_of(new)
    if before is None or after is None:
        return Change(path, kind, 0, 0, ["The content is not text."])
    if kind != "changed":
        lines = [f"{'+' if kind == 'added' else '-'}{line}" for line in after or before]
        return Change(path, kind, len(after), len(before), _shortened(lines))
    assert old is not None
    assert new is not None
    if len(old.content) + len(new.content) > _SIZE:
        return Change(path, kind, 0, 0, ["The file is too large to be compared here."])
    lines = list(difflib.unified_diff(before, after, lineterm="", n=2))[2:]
    if not lines:
        return Change(path, kind, 0, 0, ["The file's mode changes, or the end of its last line."])
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    return Change(path, kind, added, removed, _shortened(lines))


def _shortened(lines: list[str]) -> list[str]:
    return lines if len(lines) <= _LINES else [*lines[:_LINES], f"… {len(lines) - _LINES} more lines"]
