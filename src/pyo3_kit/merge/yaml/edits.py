"""Changes of the user's text, each with what it does to the meaning, so that the one can be held against the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyo3_kit.merge.yaml.nodes import Document, Node, NotUnderstood, Plain, plain_of
from pyo3_kit.merge.yaml.reader import parse


@dataclass(frozen=True, slots=True)
class Splice:
    """`start` to `end` of the text becomes `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class SetValue:
    """The value `node` means `to`."""

    node: Node
    to: Plain


@dataclass(frozen=True, slots=True)
class SetKey:
    """The entry of `parent` that holds `node` has the key `to`."""

    parent: Node
    node: Node
    to: str


@dataclass(frozen=True, slots=True)
class Remove:
    """The entry of `parent` that holds `node` is gone."""

    parent: Node
    node: Node


@dataclass(frozen=True, slots=True)
class Insert:
    """A new entry of `parent`, behind the one that holds `after`, or at the start."""

    parent: Node
    after: Node | None
    key: str
    value: Plain


Meaning = SetValue | SetKey | Remove | Insert


@dataclass(slots=True)
class Edit:
    """One decision: what it is about, what it does to the text and to the meaning, and what the sides had there."""

    key: str
    splices: list[Splice]
    meanings: list[Meaning] = field(default_factory=list)
    base: str | None = None
    ours: str | None = None
    theirs: str | None = None
    whole: int | None = None
    """Where the entry starts that it replaces as a whole; smaller edits could do the same."""


def checked(text: str, documents: Sequence[Document], edits: Sequence[Edit]) -> tuple[str, list[Edit]]:
    """The text with the edits in it, and those that had to be left out.

    An edit stays only if the text then means exactly what the edit says; the text always parses.
    """
    whole = _tried(text, documents, edits)
    if whole is not None:
        return whole, []
    taken: list[Edit] = []
    refused = list(edits)
    best = text
    # One edit may need another: an anchor can only go after its last alias.
    while True:
        before = len(taken)
        for edit in list(refused):
            tried = _tried(text, documents, [*taken, edit])
            if tried is not None:
                best = tried
                taken.append(edit)
                refused.remove(edit)
        if len(taken) == before:
            return best, refused


def _tried(text: str, documents: Sequence[Document], edits: Sequence[Edit]) -> str | None:
    spliced = splice(text, [one for edit in edits for one in edit.splices])
    if spliced is None:
        return None
    try:
        result = parse(spliced)
    except NotUnderstood:
        return None
    expected = meaning(documents, [one for edit in edits for one in edit.meanings])
    return spliced if [d.root.plain if d.root else None for d in result] == expected else None


def splice(text: str, splices: Iterable[Splice]) -> str | None:
    """The text with all of them done; None where two of them are about the same characters."""
    parts: list[str] = []
    at = 0
    # Insertions come before a replacement that starts at the same place.
    for one in sorted(splices, key=lambda one: (one.start, one.start != one.end)):
        if one.start < at:
            return None
        parts += [text[at : one.start], one.new]
        at = one.end
    return "".join(parts) + text[at:]


def meaning(documents: Sequence[Document], changes: Sequence[Meaning]) -> list[Plain | None]:
    """What the documents mean after the changes, computed without any text."""
    values: dict[int, Plain] = {}
    keys: dict[int, str] = {}
    removed: set[int] = set()
    inserted: dict[tuple[int, int | None], list[tuple[str, Plain]]] = defaultdict(list)
    for change in changes:
        match change:
            case SetValue():
                values[id(change.node)] = change.to
            case SetKey():
                keys[id(change.node)] = change.to
            case Remove():
                removed.add(id(change.node))
            case Insert():
                place = id(change.parent), None if change.after is None else id(change.after)
                inserted[place].append((change.key, change.value))

    def build(node: Node) -> Plain:
        if id(node) in values:
            return values[id(node)]
        inner = list(inserted[id(node), None])
        for entry in node.entries:
            if id(entry.value) not in removed:
                inner.append((keys.get(id(entry.value), entry.name), build(entry.value)))
            inner += inserted[id(node), id(entry.value)]
        return plain_of(node, inner)

    return [build(document.root) if document.root else None for document in documents]
