"""Markdown as sections of blocks, which joined are the text again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyo3_kit.merge.lines import split

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*\n?")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
ITEM = re.compile(r"( {0,3})([-*+]|\d{1,9}[.)])[ \t]+")
_ALONE = re.compile(r"\|.*|!?\[.*|\[!\[.*")
"""Lines that are a block each: rows of a table, badges, definitions of links."""


@dataclass(slots=True)
class Block:
    """A piece of text, and the blank lines before it."""

    gap: str
    text: str


@dataclass(slots=True)
class Section:
    """A heading (none at the top of a document) with what is below it."""

    level: int
    title: str
    heading: Block
    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """Its lines that are not blank."""
        return [line for block in self.walk() for line in block.text.split("\n") if line.strip()]

    def walk(self) -> Iterator[Block]:
        """Everything in it, in the order of the text."""
        if self.heading.text:
            yield self.heading
        yield from self.blocks
        for section in self.sections:
            yield from section.walk()


def read(text: str) -> Section:
    """A document as sections of blocks."""
    top = Section(0, "", Block("", ""))
    path = [top]
    for block in _blocks(text):
        found = _HEADING.fullmatch(block.text)
        if not found:
            path[-1].blocks.append(block)
            continue
        level = len(found[1])
        while path[-1].level >= level:
            path.pop()
        section = Section(level, (found[2] or "").strip(), block)
        path[-1].sections.append(section)
        path.append(section)
    return top


def _blocks(text: str) -> Iterator[Block]:
    gap = pending = fence = ""
    held: list[str] = []
    item = -1
    for line in split(text if text.endswith("\n") else f"{text}\n"):
        if fence:
            held.append(line)
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        if not line.strip():
            pending += line
            continue
        indent = len(line) - len(line.lstrip(" "))
        if held and (indent > item >= 0 or (not pending and _continues(held, line))):
            held.append(pending)
        else:
            if held:
                yield Block(gap, "".join(held))
            held, gap = [], pending
            found = ITEM.match(line)
            item = len(found[1]) if found else -1
        pending = ""
        held.append(line)
        if opened := _FENCE.match(line.lstrip(" ") if item >= 0 else line):
            fence = opened[1]
    if held:
        yield Block(gap, "".join(held))


def _continues(held: list[str], line: str) -> bool:
    """Whether a line continues the block before it: not where either is a block of its own."""
    if _HEADING.fullmatch(line) or _HEADING.fullmatch(held[0]) or ITEM.match(line) or _FENCE.match(line):
        return False
    return not (_ALONE.fullmatch(line.strip()) or _ALONE.fullmatch(held[-1].strip()) or _FENCE.match(held[0]))
