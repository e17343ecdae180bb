"""Changes of the user's text, each with what it does to the meaning, so that the one can be held against the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyo3_kit.merge.yaml.nodes import Document, Node, NotUnderstood, Plain, plain_of
from pyo3_kit.merge.yaml.reader import parse
from pyo3_kit.texts.edits import Edit, Overlap, apply_edits


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
class Change:
    """One decision: what it is about, what it does to the text and to the meaning, and what the sides had there."""

    key: str
    edits: list[Edit]
    meanings: list[Meaning] = field(default_factory=list)
    base: str | None = None
    ours: str | None = None
    theirs: str | None = None
    whole: int | None = None
    """Where the entry starts that it replaces as a whole; smaller changes could do the same."""


def checked(text: str, documents: Sequence[Document], changes: Sequence[Change]) -> tuple[str, list[Change]]:
    """The text with the changes in it, and those that had to be left out.

    An edit stays only if the text then means exactly what the edit says; the text always parses.
    """
    whole = _tried(text, documents, changes)
    if whole is not None:
        return whole, []
    taken: list[Change] = []
    refused = list(changes)
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


def _tried(text: str, documents: Sequence[Document], changes: Sequence[Change]) -> str | None:
    try:
        edited = apply_edits(text, [edit for change in changes for edit in change.edits])
        result = parse(edited)
    except (NotUnderstood, Overlap):
        return None
    expected = meaning(documents, [one for change in changes for one in change.meanings])
    return edited if [d.root.plain if d.root else None for d in result] == expected else None


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
