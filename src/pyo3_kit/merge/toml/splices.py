"""The edits of a TOML text, with the blank lines around what is removed."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyo3_kit.texts.edits import Edit, apply_edits


@dataclass(slots=True)
class Splices:
    """Replacements, removals and insertions in a text."""

    text: str
    replaced: list[Edit] = field(default_factory=list)
    removed: list[tuple[int, int]] = field(default_factory=list)
    inserted: list[tuple[int, tuple[int, int], str]] = field(default_factory=list)

    def replace(self, start: int, end: int, text: str) -> None:
        """Put a text in the place of another."""
        if self.text[start:end] != text:
            self.replaced.append(Edit(start, end, text))

    def remove(self, start: int, end: int) -> None:
        """Take lines out, and one of the blank spaces around them when there is one on both sides."""
        self.removed.append((start, end))

    def insert(self, at: int, order: tuple[int, int], text: str) -> None:
        """Put a text in; those for the same place come in their order."""
        self.inserted.append((at, order, text))

    def result(self) -> str:
        """The text after all edits. Raises `Overlap`."""
        edits = [Edit(at, at, text) for at, _, text in sorted(self.inserted, key=lambda each: each[:2])]
        edits += [*self.replaced, *(Edit(start, end, "") for start, end in self._runs())]
        result = apply_edits(self.text, edits)
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
