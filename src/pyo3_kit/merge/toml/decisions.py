"""What becomes of each value: the merge of the data, before any text is touched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pyo3_kit.merge import pins
from pyo3_kit.merge.model import Conflict
from pyo3_kit.merge.options import merge_options
from pyo3_kit.merge.toml import policy, requirements
from pyo3_kit.merge.toml.nodes import (
    Array,
    Data,
    Document,
    Inline,
    ListLike,
    Node,
    Scalar,
    Short,
    Table,
    TableLike,
    Tables,
    Value,
    statements_of,
)
from pyo3_kit.merge.toml.order import arranged
from pyo3_kit.merge.toml.units import Group, Unit, cut, is_mergeable, match

Keys: TypeAlias = tuple[str, ...]


@dataclass(eq=False, slots=True)
class Keep:
    """Ours stays; `disputed` when the user has to decide about it."""

    node: Node
    disputed: bool = False


@dataclass(eq=False, slots=True)
class Take:
    """The template's comes in place of ours, or is new."""

    node: Node


@dataclass(eq=False, slots=True)
class Rewrite:
    """A string that neither side has."""

    data: str


@dataclass(eq=False, slots=True)
class Merge:
    """A table, key by key; a key that is not there goes."""

    entries: dict[str, Decision]


@dataclass(eq=False, slots=True)
class Item:
    """An element of an array: its decision, or the side that it comes from when two strings make it."""

    group: Group
    decision: Decision | None
    source: Unit

    @property
    def data(self) -> list[Data]:
        """The value, or the two."""
        return self.source.data if self.decision is None else [data_of(self.decision)]


@dataclass(eq=False, slots=True)
class Elements:
    """An array, element by element in the order of the result."""

    items: list[Item]
    groups: list[Group]


Decision: TypeAlias = "Keep | Take | Rewrite | Merge | Elements"


def data_of(decision: Decision) -> Data:
    """What a decision makes of its value."""
    if isinstance(decision, (Keep, Take)):
        return decision.node.data
    if isinstance(decision, Merge):
        return {key: data_of(inner) for key, inner in decision.entries.items()}
    if isinstance(decision, Elements):
        return [data for item in decision.items for data in item.data]
    return decision.data


class Decider:
    """Decides for three documents. `changes` lists what the template changes, `refused` what it may not change."""

    def __init__(self, path: str, documents: tuple[Document, Document, Document], refused: Iterable[Keys] = ()) -> None:
        self.path = path
        self.base, self.ours, self.theirs = documents
        self.refused = set(refused)
        self.changes: list[Keys] = []
        self.conflicts: list[Conflict] = []

    def root(self) -> Merge:
        """The decision on the whole document."""
        return Merge(self._entries((), (), self.base.root, self.ours.root, self.theirs.root))

    def _decide(self, at: policy.Path, keys: Keys, b: Node | None, o: Node | None, t: Node | None) -> Decision | None:
        # Comments may have changed where the data has not, so these are gone through in any case.
        if isinstance(b, Array) and isinstance(o, Array) and isinstance(t, Array) and b.raw not in {o.raw, t.raw}:
            return self._list(at, keys, b, o, t)
        if isinstance(b, Table) and isinstance(o, Table) and isinstance(t, Table):
            return self._table(at, keys, b, o, t)
        if isinstance(b, Tables) and isinstance(o, Tables) and isinstance(t, Tables):
            return self._list(at, keys, b, o, t)
        if _same(o, t) or _same(b, t):
            return None if o is None else Keep(o)
        unchanged = _same(b, o)
        if isinstance(o, (Table, Inline, Short)) and isinstance(t, (Table, Inline, Short)):
            return self._table(at, keys, b, o, t)
        if isinstance(o, (Array, Tables)) and isinstance(t, (Array, Tables)):
            return self._list(at, keys, b if isinstance(b, (Array, Tables)) else None, o, t)
        if unchanged:
            return self._change(keys, b, o, t, Take(t) if t is not None else None)
        if isinstance(b, Scalar) and isinstance(o, Scalar) and isinstance(t, Scalar):
            if policy.is_off(self.path, at, o.data):
                return Keep(o)
            merged = self._string(at, b.data, o.data, t.data)
            if merged is not None:
                return Keep(o) if merged == o.data else self._change(keys, b, o, t, Rewrite(merged))
        if t is None and isinstance(b, Table) and isinstance(o, (Table, Inline)) and _collects(self.path, at, b):
            entries = self._entries(at, keys, b, o, None)
            return Merge(entries) if entries else None
        if t is None and isinstance(b, Tables) and isinstance(o, (Array, Tables)):
            left = self._list(at, keys, b, o, Tables(b.path))
            return left if data_of(left) else None
        if o is None and policy.is_lint(self.path, at):
            return None
        return self._conflict(keys, b, o, t)

    def _table(self, at: policy.Path, keys: Keys, b: Node | None, o: TableLike, t: TableLike) -> Decision | None:
        seen = len(self.conflicts), len(self.changes)
        merged = Merge(self._entries(at, keys, b if isinstance(b, (Table, Inline, Short)) else None, o, t))
        if policy.is_contradiction(self.path, at, merged.entries) and "workspace" not in o.entries:
            del self.conflicts[seen[0] :], self.changes[seen[1] :]
            return self._conflict(keys, b, o, t)
        return merged

    def _entries(
        self, at: policy.Path, keys: Keys, b: TableLike | None, o: TableLike, t: TableLike | None
    ) -> dict[str, Decision]:
        before, yours, now = ({} if each is None else each.entries for each in (b, o, t))
        decided: dict[str, Decision] = {}
        for key in [*yours, *(key for key in now if key not in yours)]:
            inner = self._decide((*at, key), (*keys, key), before.get(key), yours.get(key), now.get(key))
            if inner is not None and not _vanishes(inner, yours.get(key)):
                decided[key] = inner
        return decided

    def _list(self, at: policy.Path, keys: Keys, b: ListLike | None, o: ListLike, t: ListLike) -> Decision:
        if not all(is_mergeable(at, each) for each in (b, o, t)):
            if _same(o, t) or _same(b, t):
                return Keep(o)
            changed = self._change(keys, b, o, t, Take(t)) if _same(b, o) else self._conflict(keys, b, o, t)
            return changed or Keep(o)
        units = cut(self.path, at, (b, o, t))
        groups = match(*units)
        kept: dict[int, Item] = {}
        for group in groups:
            item = self._item(at, keys, group)
            if item is not None:
                kept[id(group)] = item
        ordered = arranged(groups, units, set(kept), may_reorder=isinstance(o, Array))
        return Elements([kept[id(group)] for group in ordered], groups)

    def _item(self, at: policy.Path, keys: Keys, group: Group) -> Item | None:
        b, o, t = group.base, group.ours, group.theirs
        named = o or t or b
        assert named is not None
        inner = (*keys[:-1], f"{_text(keys[-1:])}[{named.label}]")
        if all(each is None or len(each.nodes) == 1 for each in (b, o, t)):
            nodes = [each.nodes[0] if each else None for each in (b, o, t)]
            decision = self._decide((*at, "[]"), inner, *nodes)
            return Item(group, decision, named) if decision is not None else None
        yours, now = o.data if o else None, t.data if t else None
        before = b.data if b else None
        if now in (yours, before):
            return Item(group, None, o) if o else None
        if yours == before and inner not in self.refused:
            self.changes.append(inner)
            return Item(group, None, t) if t else None
        self._report(inner, *(" ".join(_source(node) for node in each.nodes) if each else None for each in (b, o, t)))
        return Item(group, None, o) if o else None

    def _string(self, at: policy.Path, base: Data, ours: Data, theirs: Data) -> str | None:
        if not (isinstance(base, str) and isinstance(ours, str) and isinstance(theirs, str)):
            return None
        if at[-1:] == ("[]",) and policy.is_requirements(self.path, at[:-1]):
            return requirements.merge_requirements(base, ours, theirs)
        if policy.is_versions(at):
            return requirements.merge_bounds(base, ours, theirs)
        if policy.is_minimum(self.path, at):
            return requirements.merge_minimums(base, ours, theirs)
        if at[-1] == "addopts":
            return merge_options(base, ours, theirs)
        key = "image" if at[-1].endswith("image") else at[-1]
        newer = pins.newer(*(pins.read_pin(key, each) for each in (base, ours, theirs)))
        return None if newer is None else ours if newer == "ours" else theirs

    def _change(
        self, keys: Keys, b: Node | None, o: Node | None, t: Node | None, decision: Decision | None
    ) -> Decision | None:
        if keys in self.refused:
            return self._conflict(keys, b, o, t)
        self.changes.append(keys)
        return decision

    def _conflict(self, keys: Keys, b: Node | None, o: Node | None, t: Node | None) -> Decision | None:
        while o is None and isinstance(b, Table) and isinstance(t, Table) and (inner := _only_difference(b, t)):
            # A table that only its subtables make says less than the one of them that it is about.
            b, t, keys = b.entries[inner], t.entries[inner], (*keys, inner)
        self._report(keys, _text_of(self.base, b), _text_of(self.ours, o), _text_of(self.theirs, t))
        return None if o is None else Keep(o, disputed=True)

    def _report(self, keys: Keys, base: str | None, ours: str | None, theirs: str | None) -> None:
        self.conflicts.append(Conflict(self.path, _text(keys), None, base, ours, theirs))


def _same(one: Node | None, other: Node | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(one.data == other.data)


def _only_difference(b: Table, t: Table) -> str:
    if b.header or t.header:
        return ""
    different = [key for key in {**b.entries, **t.entries} if not _same(b.entries.get(key), t.entries.get(key))]
    return different[0] if len(different) == 1 and different[0] in b.entries and different[0] in t.entries else ""


def _vanishes(decision: Decision, node: Node | None) -> bool:
    """Whether a value that is written by its parts alone goes with the last of them."""
    if isinstance(decision, Merge):
        return not decision.entries and isinstance(node, Table) and node.header is None
    return isinstance(decision, Elements) and not decision.items and isinstance(node, Tables)


def _collects(path: str, at: policy.Path, table: Table) -> bool:
    return policy.is_collection(path, at) or all(isinstance(child, (Table, Tables)) for child in table.entries.values())


def _source(node: Node) -> str:
    return node.raw if isinstance(node, Value) else ""


def _text_of(document: Document, node: Node | None) -> str | None:
    if node is None or isinstance(node, Value):
        return None if node is None else node.raw
    return "".join(document.text[each.start : each.end] for each in statements_of(node)).rstrip("\n")


_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+(\[.*\])*\Z", re.S)


def _text(keys: Keys) -> str:
    return ".".join(key if _BARE_KEY.match(key) else f"'{key}'" for key in keys)
