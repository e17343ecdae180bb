"""Edits of a text by position, all of them made at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Overlap(Exception):  # noqa: N818 (an outcome that callers expect)
    """Two edits are about the same characters."""


class Span(NamedTuple):
    """A part of a text, from `start` up to `end`, counted in characters."""

    start: int
    end: int

    def contains(self, other: Span) -> bool:
        """Whether the other part is inside this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replaces the text between `start` and `end` with `text`; an insertion where they are equal."""

    start: int
    end: int
    text: str

    @property
    def span(self) -> Span:
        """What it replaces."""
        return Span(self.start, self.end)

    @property
    def inserts(self) -> bool:
        """Whether nothing is replaced."""
        return self.start == self.end


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits; raises `Overlap` when two of them replace the same characters.

    Insertions at one place keep their order, and come before a replacement that starts there.
    """
    parts: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, not edit.inserts)):
        if edit.start < position:
            raise Overlap
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join(parts) + text[position:]
