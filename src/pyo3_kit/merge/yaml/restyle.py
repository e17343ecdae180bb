"""The template's text as the project would have written it: its indentation, its blocks or braces."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pyo3_kit.merge.yaml.nodes import Entry, Node, column

_PLAIN_IN_FLOW = re.compile(r"[^,\[\]{}#:\n]+(:[^\s,\[\]{}#:\n][^,\[\]{}#:\n]*)*")


@dataclass(frozen=True, slots=True)
class Style:
    """How deep a mapping and a list are indented below their key; None where the text does not show it."""

    mapping: int | None
    listing: int | None

    @classmethod
    def of(cls, root: Node) -> Style:
        """The style that most of a text has."""
        steps: dict[str, Counter[int]] = {"map": Counter(), "list": Counter()}
        for outer, inner in _steps(root):
            steps[inner.kind][inner.column - outer] += 1
        most = {kind: found.most_common(1)[0][0] if found else None for kind, found in steps.items()}
        return cls(most["map"], most["list"])

    def step(self, kind: str, written: int, other: Style) -> int:
        """The step for a text of this style that has `written` in a text of the style `other`."""
        mine, theirs = (self.mapping, other.mapping) if kind == "map" else (self.listing, other.listing)
        return written if mine is None or mine == theirs else mine


@dataclass(frozen=True, slots=True)
class Restyle:
    """Brings entries of a text in the style `theirs` into one of the style `ours`."""

    ours: Style
    theirs: Style

    def entry(self, entry: Entry, to: int, *, flow: bool = False) -> str:
        """An entry from its first character on, for a block or braces at the column `to`."""
        if flow:
            return _key(entry) + flowing(entry.value)
        if not _in_block(entry):
            return (_key(entry, dash=True) + _braces(entry.value, to)).rstrip(" ") + "\n"
        text = entry.value.text
        by_line = self._shifts(entry, to)
        lines = text[entry.start : entry.end].split("\n")
        number = text.count("\n", 0, entry.start)
        shifted = [lines[0], *(_shift(line, by_line.get(number + i, 0)) for i, line in enumerate(lines[1:], 1))]
        return "\n".join(shifted)

    def body(self, entry: Entry, to: int) -> str:
        """What an entry has after its colon or dash, to the end of its last line, for an entry at the column `to`."""
        whole = self.entry(entry, to)
        return whole[entry.body - entry.start :] if _in_block(entry) else whole[len(_key(entry, dash=True)) - 1 :]

    def gap(self, entry: Entry, to: int) -> str:
        """The comments and blank lines before an entry, in whole lines."""
        text = entry.value.text[entry.gap : entry.start]
        text = text[: text.rfind("\n") + 1]
        return shift_lines(text, to - column(entry.value.text, entry.start))

    def _shifts(self, entry: Entry, to: int) -> dict[int, int]:
        """By line number: how far it moves to the right."""
        found: dict[int, int] = {}
        self._shift_entry(entry, to, found)
        return found

    def _shift_entry(self, entry: Entry, to: int, found: dict[int, int]) -> None:
        text = entry.value.text
        indent = column(text, entry.start)
        first = text.count("\n", 0, entry.start)
        for number in range(first, first + text.count("\n", entry.start, entry.end) + 1):
            found[number] = to - indent
        inner = entry.value
        if not inner.is_block:
            return
        step = inner.column - indent
        on_one_line = inner.entries[0].start < text.index("\n", entry.body)
        below = to + (step if on_one_line or entry.key is None else self.ours.step(inner.kind, step, self.theirs))
        for child in inner.entries:
            gap = text.count("\n", 0, child.gap)
            for number in range(gap, gap + text.count("\n", child.gap, child.start)):
                if child.gap != child.start:
                    found[number] = below - inner.column
            self._shift_entry(child, below, found)


def flowing(node: Node) -> str:
    """A value for use between braces, on one line where it can be."""
    prefix = f"&{node.anchor} " if node.anchor else ""
    if node.kind == "alias":
        return node.source
    if node.kind == "scalar":
        plain = not node.style and (_PLAIN_IN_FLOW.fullmatch(node.source) or not node.source)
        quoted = node.style in ("'", '"') and "\n" not in node.source
        return node.source if plain or quoted else prefix + json.dumps(node.value, ensure_ascii=False)
    if node.flow and "\n" not in node.source:
        return node.source
    inner = ", ".join(_key(entry) + flowing(entry.value) for entry in node.entries)
    return prefix + (f"{{{inner}}}" if node.kind == "map" else f"[{inner}]")


def shift_lines(text: str, by: int) -> str:
    """Whole lines, moved to the right, or to the left as far as they can."""
    return "\n".join(_shift(line, by) for line in text.split("\n"))


def _shift(line: str, by: int) -> str:
    if not line.strip() or by == 0:
        return line
    if by > 0:
        return " " * by + line
    return line[min(-by, len(line) - len(line.lstrip(" "))) :]


def _steps(node: Node) -> Iterator[tuple[int, Node]]:
    if not node.is_block:
        return
    for entry in node.entries:
        inner = entry.value
        if inner.is_block:
            if entry.key is not None:
                yield node.column, inner
            yield from _steps(inner)


def _in_block(entry: Entry) -> bool:
    return entry.close > entry.value.end or entry.value.is_block


def _key(entry: Entry, *, dash: bool = False) -> str:
    if entry.key is None:
        return "- " if dash else ""
    return f"{entry.key.source}: "


def _braces(node: Node, to: int) -> str:
    """A value from between braces, for a block: its own lines stay, moved right of `to`."""
    if "\n" not in node.source:
        return node.source
    return node.source.replace("\n", "\n" + " " * to)
