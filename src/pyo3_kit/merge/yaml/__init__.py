"""YAML, merged by key.

The user's text stays as it is, byte for byte, but for the places that the template changed. The three texts are read
as trees that know their places, merged as trees, and the outcome becomes edits of the user's text; each of them has to
do to the parsed text just what the merge of the trees says, or is left out and reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyo3_kit.merge.lines import merge_lines
from pyo3_kit.merge.model import Conflict, Labels, Merged

if TYPE_CHECKING:
    from pyo3_kit.merge.yaml.nodes import Document, Entry


def merge(path: str, base: str, ours: str, theirs: str, labels: Labels) -> Merged | None:
    """Merge three texts; the result parses, and where both sides changed one value ours' stays and is a conflict.

    None where a text does not parse, has a key twice, or is of a kind that is not understood here.
    """
    if ours == theirs or theirs == base:
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    from pyo3_kit.merge.yaml.nodes import NotUnderstood
    from pyo3_kit.merge.yaml.style import in_style_of

    base, theirs = in_style_of(base, ours, theirs)
    try:
        by_key = merge_by_key(path, base, ours, theirs, labels)
    except NotUnderstood:
        return None
    by_lines = merge_lines(path, base, ours, theirs, labels)
    # Where the lines fit as well and mean the same, they carry over more: comments and blank lines of both sides.
    if not by_key.conflicts and not by_lines.conflicts and _same(by_key.text, by_lines.text):
        return by_lines
    return by_key


def merge_by_key(path: str, base: str, ours: str, theirs: str, labels: Labels) -> Merged:
    """The same by key alone; `NotUnderstood` where that cannot be done."""
    from pyo3_kit.merge.yaml.edits import checked
    from pyo3_kit.merge.yaml.nodes import NotUnderstood
    from pyo3_kit.merge.yaml.reader import parse
    from pyo3_kit.merge.yaml.restyle import Restyle, Style
    from pyo3_kit.merge.yaml.threeway import ThreeWay

    ended = ours if ours.endswith("\n") else f"{ours}\n"
    sides = [parse(text if text.endswith("\n") else f"{text}\n") for text in (base, ended, theirs)]
    counts = {len(side) for side in sides[1:]} | ({len(sides[0])} if base.strip() else set())
    if len(counts) > 1:
        raise NotUnderstood
    part_by_part: set[int] = set()
    while True:
        changes, conflicts = [], []
        for index, (mine, yours) in enumerate(zip(sides[1], sides[2], strict=True)):
            old = _top(sides[0][index]) if base.strip() else None
            one, other = _top(mine), _top(yours)
            styles = Restyle(Style.of(one.value), Style.of(other.value))
            merge = ThreeWay(path, labels, styles, part_by_part)
            merge.value("", None, old, one, other)
            changes += merge.changes
            conflicts += merge.conflicts
        text, refused = checked(ended, sides[1], changes)
        smaller = {edit.whole for edit in refused if edit.whole is not None}
        if not smaller:
            break
        part_by_part |= smaller
    conflicts += [Conflict(path, edit.key, None, edit.base, edit.ours, edit.theirs) for edit in refused]
    conflicts += _new_dangling(path, text, sides)
    return Merged(text if ours.endswith("\n") else text.removesuffix("\n"), tuple(conflicts))


def _new_dangling(path: str, text: str, sides: Sequence[Sequence[Document]]) -> list[Conflict]:
    from pyo3_kit.merge.yaml.reader import parse
    from pyo3_kit.merge.yaml.references import Reference, dangling

    def of(documents: Sequence[Document]) -> set[Reference]:
        return {reference for document in documents for reference in dangling(document.root)}

    before = of(sides[1]) | of(sides[2])
    return [Conflict(path, key, None, None, None, name) for key, name in sorted(of(parse(text)) - before)]


def _top(document: Document) -> Entry:
    """The top of a document, as an entry of nothing."""
    from pyo3_kit.merge.yaml.nodes import Entry, NotUnderstood

    root = document.root
    if root is None or not root.entries:
        raise NotUnderstood
    return Entry(root.start, root.start, None, root, root.start, root.end, root.end)


def _same(one: str, other: str) -> bool:
    from pyo3_kit.merge.yaml.nodes import NotUnderstood
    from pyo3_kit.merge.yaml.reader import parse

    try:
        a, b = (parse(text if text.endswith("\n") else f"{text}\n") for text in (one, other))
    except NotUnderstood:
        return False
    return [d.root.plain if d.root else None for d in a] == [d.root.plain if d.root else None for d in b]
