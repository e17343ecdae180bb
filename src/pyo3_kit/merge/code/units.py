"""Cutting a stretch of source into units: an item with the comments and attributes above it and a comment behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from pyo3_kit.merge.code.nodes import Body, Element, Node, joined
from pyo3_kit.merge.code.source import Source


@dataclass(slots=True)
class Part:
    """A stretch of the text: a comment, an attribute, or the item itself."""

    start: int
    end: int
    kind: str
    keys: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    family: str = ""
    build: Callable[[int, int], Node] | None = None
    """Makes the node from where the part's line begins to where the part ends, with a comment behind it."""


@dataclass(slots=True)
class Unit:
    """Parts that belong together; the last one is the item."""

    parts: list[Part] = field(default_factory=list)


LEADING = frozenset({"comment", "doc", "attribute"})
"""What belongs to the item that follows it."""

_RUNS = frozenset({"comment", "doc", "head"})
"""Consecutive lines of these are one part."""


def elements(source: Source, start: int, parts: Iterable[Part]) -> tuple[Element, ...]:
    """The units of a body that begins at `start`, with the white space before each."""
    found: list[Element] = []
    at = start
    for unit in _units(source, list(parts)):
        first = _line(source, unit.parts[0].start, start)
        end = unit.parts[-1].end
        item = unit.parts[-1]
        inner = tuple(_inner(source, unit.parts, first))
        text = source.text[first:end]
        assert joined(inner) == text, "a unit's parts are its text"
        body = Body(text, source.between(first, end), inner)
        found.append(Element(item.keys, item.kind, body, source.text[at:first], item.order, item.family))
        at = end
    return tuple(found)


def _inner(source: Source, parts: list[Part], first: int) -> Iterable[Element]:
    at = first
    for part in parts:
        start = _line(source, part.start, first)
        node = part.build(start, part.end) if part.build else source.leaf(start, part.end, lines=True)
        last = part is parts[-1]
        keys = ("item",) if last else part.keys
        yield Element(keys, "item" if last else part.kind, node, source.text[at:start])
        at = part.end


def _line(source: Source, place: int, start: int) -> int:
    return max(source.line_start(place), start)


def _units(source: Source, parts: list[Part]) -> list[Unit]:
    units: list[Unit] = []
    unit = Unit()
    for part in parts:
        behind = units[-1].parts[-1] if units and not unit.parts else None
        before = unit.parts[-1] if unit.parts else behind
        alone = source.begins_line(part.start)
        if before is not None and not alone:
            _glue(source, before, part)
            if unit.parts and part.kind not in LEADING:
                unit = _closed(units, unit)
            continue
        if before is not None and part.kind == before.kind and part.kind in _RUNS and _adjacent(source, before, part):
            _append(source, before, part)
        else:
            unit.parts.append(part)
            if part.kind not in LEADING:
                unit = _closed(units, unit)
    if unit.parts:
        unit.parts[-1] = replace(unit.parts[-1], kind="end", keys=("end",), build=None)
        units.append(unit)
    return units


def _closed(units: list[Unit], unit: Unit) -> Unit:
    units.append(unit)
    return Unit()


def _adjacent(source: Source, before: Part, part: Part) -> bool:
    return source.text.count("\n", before.end, part.start) == 1


def _append(source: Source, before: Part, part: Part) -> None:
    before.end = part.end
    if before.kind == "comment":
        before.keys = ("comment", " ".join(source.between(before.start, before.end)))


def _glue(source: Source, before: Part, part: Part) -> None:
    """Put a part into the one before it on its line."""
    before.end = part.end
    if part.kind == "comment" and before.kind not in LEADING:
        return
    if before.kind in LEADING and part.kind not in LEADING:
        before.kind, before.keys, before.order, before.build = part.kind, part.keys, part.order, None
    else:
        before.keys = (*before.keys[:1], " ".join(source.between(before.start, before.end)))
        before.build = None
        if before.kind not in LEADING:
            before.kind, before.order, before.family = "opaque", (), ""
