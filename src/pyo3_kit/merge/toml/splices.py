"""Edits of a text by position, all of them made at once."""

from __future__ import annotations

from dataclasses import dataclass, field


class Overlap(Exception):  # noqa: N818 (said as it is raised)
    """Two edits meet."""


@dataclass(slots=True)
class Splices:
    """Replacements, removals and insertions in a text."""

    text: str
    replaced: list[tuple[int, int, str]] = field(default_factory=list)
    removed: list[tuple[int, int]] = field(default_factory=list)
    inserted: list[tuple[int, tuple[int, int], str]] = field(default_factory=list)

    def replace(self, start: int, end: int, text: str) -> None:
        """Put a text in the place of another."""
        if self.text[start:end] != text:
            self.replaced.append((start, end, text))

    def remove(self, start: int, end: int) -> None:
        """Take lines out, and one of the blank spaces around them when there is one on both sides."""
        self.removed.append((start, end))

    def insert(self, at: int, order: tuple[int, int], text: str) -> None:
        """Put a text in; those for the same place come in their order."""
        self.inserted.append((at, order, text))

    def result(self) -> str:
        """The text after all edits. Raises `Overlap`."""
        edits = [(start, end, (1, 0), text) for start, end, text in self.replaced]
        edits += [(start, end, (1, 0), "") for start, end in self._runs()]
        edits += [(at, at, (0, 0), text) for at, _, text in sorted(self.inserted, key=lambda each: each[:2])]
        parts, position = [], 0
        for start, end, _, text in sorted(edits, key=lambda each: (each[0], each[1] > each[0], each[2])):
            if start < position:
                raise Overlap
            parts += [self.text[position:start], text]
            position = end
        result = "".join(parts) + self.text[position:]
        return result if self.text.endswith("\n\n") else f"{result.rstrip(chr(10))}\n" if result.strip() else result

    def _runs(self) -> list[tuple[int, int]]:
        runs: list[tuple[int, int]] = []
        places = {at for at, _, _ in self.inserted}
        for start, end in sorted(self.removed):
            last = runs[-1][1] if runs else 0
            if runs and not self.text[last:start].strip() and not any(last <= at <= start for at in places):
                runs[-1] = (runs[-1][0], max(end, last))
            else:
                runs.append((start, end))
        return [self._without_blanks(start, end, places) for start, end in runs]

    def _without_blanks(self, start: int, end: int, places: set[int]) -> tuple[int, int]:
        text = self.text
        follows = end >= len(text) or text.startswith("\n", end)
        if not follows:
            return start, end
        if start == 0 or start in places:
            while text.startswith("\n", end) and end not in places:
                end += 1
            return start, end
        while start >= 2 and text[start - 2 : start] == "\n\n" and start not in places:
            start -= 1
        return start, end
