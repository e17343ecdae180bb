"""How entries come into the user's text and go out of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyo3_kit.merge.yaml.nodes import Entry, Node, column
from pyo3_kit.merge.yaml.restyle import Restyle, flowing
from pyo3_kit.texts.edits import Edit

_COMMA = re.compile(r"[^\S\n]*,")


def removed(parent: Node, gone: Sequence[Entry]) -> list[Edit]:
    """What takes the entries `gone` out of `parent`; at least one entry must stay."""
    names = {id(entry) for entry in gone}
    if parent.flow:
        return _removed_from_braces(parent, names)
    edits = []
    entries = list(parent.entries)
    if id(entries[0]) in names and _behind_dash(entries[0]):
        stays = next(entry for entry in entries if id(entry) not in names)
        # The comments before the entry that follows the dash now move with it.
        comments = parent.text[stays.gap : stays.start].strip()
        to = parent.text.index(comments, stays.gap) if comments else stays.start
        edits.append(Edit(entries[0].start, to, ""))
        entries = entries[entries.index(stays) :]
    edits += [Edit(entry.gap, entry.end, "") for entry in entries if id(entry) in names]
    return edits


def inserted(parent: Node, after: Entry | None, new: Sequence[Entry], restyle: Restyle) -> list[Edit]:
    """What puts the template's entries `new` into `parent`, behind `after` or at the start."""
    if parent.flow:
        return _inserted_in_braces(parent, after, new)
    indent_width = parent.column
    indent = " " * indent_width
    text = "".join(restyle.gap(entry, indent_width) + indent + restyle.entry(entry, indent_width) for entry in new)
    if after is not None:
        return [Edit(after.end, after.end, text)]
    first = parent.entries[0]
    if _behind_dash(first):
        return [Edit(first.start, first.start, text.lstrip(" \n") + indent)]
    return [Edit(first.gap, first.gap, text)]


def replaced(parent: Node | None, ours: Entry, theirs: Entry, restyle: Restyle) -> list[Edit]:
    """What gives an entry the template's value, whatever kind of value that is, and the comment behind it."""
    node = ours.value
    if parent is not None and parent.flow:
        return [Edit(node.start, node.end, flowing(theirs.value))]
    indent_width = column(node.text, ours.start)
    return [Edit(ours.body, ours.end, restyle.body(theirs, indent_width))]


def rewritten(node: Node, value: str) -> str:
    """The source of the literal block scalar `node` with another value."""
    head, _, rest = node.source.partition("\n")
    indent = next((line[: len(line) - len(line.lstrip(" "))] for line in rest.split("\n") if line.strip()), "")
    return "\n".join([head, *(indent + line if line else "" for line in value.removesuffix("\n").split("\n"))])


def _behind_dash(entry: Entry) -> bool:
    text = entry.value.text
    return bool(text[entry.start - column(text, entry.start) : entry.start].strip(" "))


def _removed_from_braces(parent: Node, names: set[int]) -> list[Edit]:
    edits = []
    entries = parent.entries
    for index, entry in enumerate(entries):
        if id(entry) not in names:
            continue
        before = next((e for e in reversed(entries[:index]) if id(e) not in names), None)
        if before is None:
            edits.append(Edit(entry.start, entries[index + 1].start, ""))
        else:
            edits.append(Edit(entries[index - 1].value.end, entry.value.end, ""))
    return edits


def _inserted_in_braces(parent: Node, after: Entry | None, new: Sequence[Entry]) -> list[Edit]:
    written = [_flowing_entry(entry) for entry in new]
    text, opening = parent.text, parent.end - 1
    if not parent.entries:
        return [Edit(opening, opening, ", ".join(written))]
    first = parent.entries[0]
    lines = "\n" in text[parent.start : first.start]
    between = ",\n" + " " * column(text, first.start) if lines else ", "
    if after is None:
        return [Edit(first.start, first.start, "".join(one + between for one in written))]
    end = after.value.end
    comma = _COMMA.match(text, end)
    if not lines:
        return [Edit(end, end, "".join(between + one for one in written))]
    # A comment behind the neighbour stays with it.
    line_end = text.index("\n", end)
    indent = "\n" + " " * column(text, first.start)
    if comma and not text[comma.end() : line_end].strip().startswith("#") and text[comma.end() : line_end].strip():
        return [Edit(comma.end(), comma.end(), "".join(f"{indent}{one}," for one in written))]
    if comma:
        return [Edit(line_end, line_end, "".join(f"{indent}{one}," for one in written))]
    if parent.end - 1 < line_end:
        return [Edit(end, end, "".join(between + one for one in written))]
    return [Edit(end, end, ","), Edit(line_end, line_end, ",".join(f"{indent}{one}" for one in written))]


def _flowing_entry(entry: Entry) -> str:
    return (f"{entry.key.source}: " if entry.key else "") + flowing(entry.value)
