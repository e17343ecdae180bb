"""Which files of one tree are files of another tree under a new path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pyo3_kit.merge import text
from pyo3_kit.merge.lines import split
from pyo3_kit.merge.matching import pairs
from pyo3_kit.merge.model import File, Tree

ALIKE = 0.5
"""Two files are the same one when at least that much of their lines is."""


def renames(gone: Iterable[str], before: Tree, new: Iterable[str], after: Tree) -> dict[str, str]:
    """For paths of `before` that are gone the new path in `after`; the most alike find each other first.

    Empty files are all alike and none of them is taken for another.
    """
    sources = list(gone)
    targets = [(path, _Lines(after[path])) for path in new] if sources else []
    found: list[tuple[float, bool, str, str]] = []
    for source in sources:
        lines = _Lines(before[source])
        for target, other in targets:
            alike = lines.alike(other)
            if alike >= ALIKE:
                found.append((-alike, source.rpartition("/")[2] != target.rpartition("/")[2], source, target))
    moved: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, source, target in sorted(found):
        if source not in moved and target not in taken:
            moved[source] = target
            taken.add(target)
    return moved


def share_left(base: bytes, ours: bytes) -> float:
    """The share of the base's lines that are left in ours; blank ones do not count. 1 where the base has none."""
    before, now = _solid(base), _solid(ours)
    return sum(1 for _ in pairs(before, now)) / len(before) if before else 1.0


class _Lines:
    """A file as the lines to compare; a binary file is one line."""

    def __init__(self, file: File) -> None:
        self.link = file.link
        opaque = file.link or text.is_binary(file.content)
        self.lines = [file.content.hex()] if opaque and file.content else [] if opaque else _solid(file.content)
        self.counted = Counter(self.lines)

    def alike(self, other: _Lines) -> float:
        """How much of both is the same: 0 to 1."""
        size = len(self.lines) + len(other.lines)
        if not size or self.link != other.link or 2 * min(len(self.lines), len(other.lines)) / size < ALIKE:
            return 0.0
        # Lines in any order are never fewer than lines in the same order, and fast to count.
        if 2 * sum((self.counted & other.counted).values()) / size < ALIKE:
            return 0.0
        return 2 * sum(1 for _ in pairs(self.lines, other.lines)) / size


def _solid(content: bytes) -> list[str]:
    return [line for line in split(text.plain(content).decode(errors="surrogateescape")) if line.strip()]
