"""Merging three trees of nodes into one text."""

from __future__ import annotations

from dataclasses import replace

from pyo3_kit.merge.code.conflicts import Clash, Conflicts, in_format_of
from pyo3_kit.merge.code.lists import spaced, written
from pyo3_kit.merge.code.nodes import Body, Element, Group, Leaf, Listing, Node, joined
from pyo3_kit.merge.code.ordering import Unordered, gaps, order
from pyo3_kit.merge.code.pairing import Keyed, paired
from pyo3_kit.merge.kinds import kind_of

_Sides = tuple[Keyed, Keyed, Keyed]


class Combiner:
    """Merges nodes; what conflicts goes into `conflicts`."""

    def __init__(self, conflicts: Conflicts) -> None:
        self._conflicts = conflicts

    def node(self, base: Node | None, ours: Node, theirs: Node) -> str:
        """The merged text of a node; `Clash` where it cannot be merged within its lines."""
        if base is not None and base.text == ours.text:
            return theirs.text
        if ours.tokens == theirs.tokens or (base is not None and base.tokens == theirs.tokens):
            return ours.text
        ours_same = base is not None and base.tokens == ours.tokens
        try:
            return self._nested(base, ours, theirs)
        except Clash:
            if ours_same:
                return theirs.text
            raise

    def _nested(self, base: Node | None, ours: Node, theirs: Node) -> str:
        if isinstance(ours, Group) and isinstance(theirs, Group):
            return self._group(base, ours, theirs)
        if isinstance(ours, Body) and isinstance(theirs, Body) and (base is None or isinstance(base, Body)):
            return self._body(base, ours, theirs)
        if isinstance(ours, Listing) and isinstance(theirs, Listing) and (base is None or isinstance(base, Listing)):
            return self._listing(base, ours, theirs)
        if not (isinstance(ours, Leaf) and isinstance(theirs, Leaf) and ours.lines and theirs.lines):
            raise Clash
        before = "" if base is None else base.text
        if base is not None and base.tokens == ours.tokens:
            return in_format_of(kind_of(self._conflicts.path), before, ours.text, theirs.text)
        return self._conflicts.merge(before, ours.text, theirs.text)

    def _group(self, base: Node | None, ours: Group, theirs: Group) -> str:
        shapes = [side for side in (base, ours, theirs) if side is not None]
        if not all(isinstance(side, Group) and _shape(side) == _shape(ours) for side in shapes):
            raise Clash
        before = base.parts if isinstance(base, Group) else [None] * len(ours.parts)
        texts = [self.node(*parts) for parts in zip(before, ours.parts, theirs.parts, strict=True)]
        for i, part in enumerate(ours.parts[:-1]):
            foot = texts[i + 1]
            if isinstance(part, Body) and texts[i] and not foot.startswith("\n") and not part.text:
                texts[i + 1] = theirs.parts[i + 1].text
        return "".join(texts)

    def _body(self, base: Body | None, ours: Body, theirs: Body) -> str:
        sides = paired(base.elements if base else None, ours.elements, theirs.elements)
        texts: dict[str, str] = {}
        for key in _keys(*sides):
            text = self._element(*(side.get(key) for side in sides))
            if text is not None:
                texts[key] = text
        keys, sides = self._in_order(sides, texts)
        return "".join(f"{gap}{texts[key]}" for gap, key in zip(gaps(keys, *sides), keys, strict=True))

    def _in_order(self, sides: _Sides, texts: dict[str, str]) -> tuple[list[str], _Sides]:
        """The keys in their order; where it means something and both sides added something, that is one conflict."""
        base, ours, theirs = sides
        while True:
            try:
                return order(base, ours, theirs, texts), (base, ours, theirs)
            except Unordered as unordered:
                if not unordered.ours:
                    raise Clash from None
                first, *others = unordered.ours
                texts[first] = self._conflicts.add("", _run(ours, unordered.ours), _run(theirs, unordered.theirs))
                for key in (*others, *unordered.theirs):
                    del texts[key]
                # What follows the run keeps its distance from the conflict that the run has become.
                ours = {key: element for key, element in ours.items() if key not in others}

    def _element(self, base: Element | None, ours: Element | None, theirs: Element | None) -> str | None:
        """The merged text of an element of a body; None when it is gone."""
        if ours and theirs:
            try:
                return self.node(base.node if base else None, ours.node, theirs.node)
            except Clash:
                return self._conflicts.merge(_text(base), _text(ours), _text(theirs)) or None
        left = ours or theirs
        if base is None or left is None:
            return left.node.text if left else None
        if left.tokens == base.tokens:
            return None
        return self._conflicts.add(_text(base), _text(ours), _text(theirs))

    def _listing(self, base: Listing | None, ours: Listing, theirs: Listing) -> str:
        sides = paired(base.elements if base else None, ours.elements, theirs.elements)
        merged: dict[str, Element] = {}
        for key in _keys(*sides):
            element = self._item(*(side.get(key) for side in sides))
            if element is not None:
                merged[key] = element
        try:
            keys = order(*sides, merged, ordered=ours.ordered)
        except Unordered:
            raise Clash from None
        if not keys and ours.elements:
            raise Clash
        return written(spaced([merged[key] for key in keys], gaps(keys, *sides)), ours, theirs)

    def _item(self, base: Element | None, ours: Element | None, theirs: Element | None) -> Element | None:
        """The merged element of a list; None when it is gone."""
        if ours and theirs:
            text = self.node(base.node if base else None, ours.node, theirs.node)
            before = _value(base.before if base else None, ours.before, theirs.before)
            after = _value(base.after if base else None, ours.after, theirs.after)
            return replace(ours, node=Leaf(text, ()), before=before, after=after)
        left = ours or theirs
        if base is None or left is None:
            return left
        if left.tokens == base.tokens:
            return None
        raise Clash


def _shape(group: Group) -> list[type[Node]]:
    return [type(part) for part in group.parts]


def _keys(*sides: Keyed) -> list[str]:
    return list(dict.fromkeys(key for side in sides for key in side))


def _run(side: Keyed, keys: list[str]) -> str:
    """The text of neighbours."""
    return joined([side[key] for key in keys]).removeprefix(side[keys[0]].gap)


def _text(element: Element | None) -> str:
    return element.node.text if element else ""


def _value(base: str | None, ours: str, theirs: str) -> str:
    if ours == theirs or base == theirs:
        return ours
    if base == ours:
        return theirs
    raise Clash
