"""Whose are the comments and blank lines: every character of a block belongs to one entry."""

from __future__ import annotations

import re

from pyo3_kit.merge.yaml.nodes import Entry, Node, column

_REST = re.compile(r"[^\S\n]*(#[^\n]*)?\n")
_COMMENT = re.compile(r"( *)#[^\n]*\n")
_BLANK = re.compile(r"[^\S\n]*\n")


def lay_out(node: Node, gap: int) -> int:
    """Give the entries of `node` their gaps and ends; `gap` is where the first one's begins. The end of the last one.

    Comments before an entry are its gap; those after it that are indented deeper than it are part of it.
    Raises `ValueError` where a line holds more than the entry that ends on it.
    """
    text = node.text
    if not node.is_block:
        for entry in node.entries:
            entry.gap, entry.close, entry.end = entry.start, entry.value.end, entry.value.end
            if entry.value.entries:
                lay_out(entry.value, entry.value.start)
        return node.end
    indent = column(text, node.entries[0].start)
    for index, entry in enumerate(node.entries):
        line = entry.start - column(text, entry.start)
        if text[line : entry.start].strip(" "):
            # The first entry may follow the dash of the item that it is in.
            if index or text[line : entry.start].strip(" -"):
                raise ValueError
            gap = entry.start
        if column(text, entry.start) != indent:
            raise ValueError
        entry.gap, entry.first = gap, index == 0
        value = entry.value
        if value.is_block:
            entry.end = entry.close = lay_out(value, _first_gap(value, entry))
        else:
            if value.entries:
                lay_out(value, value.start)
            rest = _REST.match(text, value.end)
            if rest is None:
                raise ValueError
            entry.end = entry.close = rest.end()
        entry.end = _tail(text, entry.close, indent)
        gap = entry.end
    return node.entries[-1].end


def _first_gap(value: Node, entry: Entry) -> int:
    first = value.entries[0].start
    line_end = value.text.index("\n", entry.body)
    return first if first < line_end else line_end + 1


def _tail(text: str, at: int, indent: int) -> int:
    """The end of the comments from `at` on that are indented deeper than `indent`."""
    end = at
    while True:
        if blank := _BLANK.match(text, at):
            if blank.end() == at:
                return end
            at = blank.end()
        elif (comment := _COMMENT.match(text, at)) and len(comment[1]) > indent:
            at = end = comment.end()
        else:
            return end


def comments(text: str) -> list[str]:
    """The comments in lines that hold nothing else."""
    return [line.strip() for line in text.split("\n") if line.lstrip().startswith("#")]
