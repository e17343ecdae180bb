"""What can be said about entries of three sides."""

from __future__ import annotations

import textwrap

from pyo3_kit.merge.yaml import remarks
from pyo3_kit.merge.yaml.nodes import Entry, Node, column
from pyo3_kit.merge.yaml.pairing import label, renamed
from pyo3_kit.merge.yaml.restyle import flowing


def shown(entry: Entry | None) -> str | None:
    """An entry's value as its side wrote it, for people."""
    if entry is None:
        return None
    value = entry.value
    if not value.is_block:
        text = value.text[value.start : entry.close].rstrip()
        return textwrap.dedent(text) if "\n" not in text else text
    start = value.entries[0].start
    return textwrap.dedent(" " * value.column + value.text[start : entry.end]).rstrip("\n")


def touched(base: Entry, ours: Entry) -> bool:
    """Whether the user made more of an entry than another layout."""
    return ours.value.plain != base.value.plain or not nothing_lost(base, ours)


def nothing_lost(base: Entry, ours: Entry) -> bool:
    """Whether every comment of ours is the template's."""
    return set(remarks.all_of(ours)) <= set(remarks.all_of(base))


def below(key: str, entry: Entry) -> str:
    """The key of an entry in the value that has the key `key`."""
    if entry.key:
        return f"{key}.{entry.name}" if key else entry.name
    named = label(entry.value, -1)
    return key + (named if named != "[-1]" else f"[{flowing(entry.value)[:60]}]")


def canonical(entry: Entry) -> list[str]:
    """An entry's text without its indentation."""
    indent = column(entry.value.text, entry.start)
    lines = entry.text.rstrip("\n").split("\n")
    return [lines[0], *(line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in lines[1:])]


def is_null(node: Node) -> bool:
    """Whether nothing is there."""
    return node.kind == "scalar" and node.tag.endswith(":null")


def as_lists(base: Node | None, ours: Node, theirs: Node) -> tuple[list[Entry], list[Entry], list[Entry]] | None:
    """The items of the three, where a single value is short for a list of one."""
    found: list[list[Entry]] = []
    for node in (base, ours, theirs):
        if node is None or is_null(node):
            found.append([])
        elif node.kind == "list" and (node.anchor, node.tag) == (ours.anchor, ours.tag):
            found.append(node.entries)
        elif node.kind == "scalar" and "\n" not in node.value and node.anchor is None:
            found.append([Entry(node.start, node.start, None, node, node.start, node.end, node.end)])
        else:
            return None
    return found[0], found[1], found[2]


def renames(base: dict[str, Entry], side: dict[str, Entry], other: dict[str, Entry]) -> dict[str, str]:
    """Keys of `base` to those of `side` under which the same entries are; `other` has the old ones."""
    gone = [(name, entry.value) for name, entry in base.items() if name not in side and name in other]
    new = [(name, entry.value) for name, entry in side.items() if name not in base and name not in other]
    return renamed(gone, new)
