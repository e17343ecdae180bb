"""The text of arrays and inline tables after a merge, in the layout that the user gave them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyo3_kit.merge.toml.decisions import Decision, Elements, Item, Keep, Merge, Rewrite, Take
from pyo3_kit.merge.toml.nodes import Array, Cell, Inline, Node, Scalar, Short, Table, TableLike, Written

_COMMENT = re.compile(r"#[^\n]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def comment_lines(text: str) -> list[str]:
    """The comments in white space and comments, without their indentation."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def quoted(key: str) -> str:
    """A key as it is written."""
    return key if _BARE.match(key) else json.dumps(key, ensure_ascii=False)


def inline(node: Node) -> str:
    """A value as it is written behind a key: its own text, or that of its tables put into braces."""
    if isinstance(node, Table):
        inner = ", ".join(f"{quoted(key)} = {inline(child)}" for key, child in node.entries.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(node, (Scalar, Array, Inline, Short)):
        return node.raw
    return f"[{', '.join(inline(item) for item in node.items)}]"


@dataclass(eq=False, slots=True)
class _Piece:
    """A cell to write. `lead` is its own text before it where it is to stay as it is."""

    value: str
    lead: str | None = None
    post: str = ""
    trail: str = ""
    comments: list[str] = field(default_factory=list)
    was_first: bool = False
    second: bool = False


def rewritten(decision: Decision, b: Node | None, o: Written, t: Node | None, indent: str = "") -> str:
    """The text of a value of ours after its decision. `indent` is that of the line on which the value begins."""
    if isinstance(decision, Take):
        return _quoted_alike(b, o, decision.node)
    if isinstance(decision, Rewrite):
        return _string(o.raw, decision.data)
    if isinstance(decision, Keep) and not decision.disputed:
        untouched = isinstance(b, Written) and isinstance(t, Written) and b.raw == o.raw and t.data == o.data
        return t.raw if untouched and isinstance(t, Written) else o.raw
    if isinstance(decision, Merge):
        if _is_theirs(decision, b, o, t):
            return inline(t) if isinstance(t, Written) else o.raw
        return _braces(decision, b, o, t, indent)
    if isinstance(decision, Elements) and isinstance(o, Array):
        if _is_theirs(decision, b, o, t) and isinstance(t, Array):
            return t.raw
        return _brackets(decision, b, o, indent)
    return o.raw


def _is_theirs(decision: Decision, b: Node | None, o: Written, t: Node | None) -> bool:
    """Whether the user has not touched the text, and the template's is what is to come."""
    from pyo3_kit.merge.toml.decisions import data_of

    if not isinstance(b, Written) or not isinstance(t, Written) or b.raw != o.raw:
        return False
    return bool(data_of(decision) == t.data)


def _quoted_alike(b: Node | None, o: Written, new: Node) -> str:
    """The template's value, in the user's quotes where the user has changed them."""
    strings = isinstance(o, Scalar) and isinstance(b, Scalar) and isinstance(new, Scalar)
    if strings and o.raw[0] in "\"'" and isinstance(b, Scalar) and b.raw[0] != o.raw[0] and isinstance(new, Scalar):
        plain = isinstance(new.data, str) and not {o.raw[:3], new.raw[:3]} & {'"""', "'''"} and "\\" not in new.raw
        return _string(o.raw, new.data) if plain else new.raw
    return inline(new)


def _string(raw: str, value: str) -> str:
    quote = raw[0]
    if quote == "'" and "'" not in value and "\n" not in value:
        return f"'{value}'"
    if '"' in value and "'" not in value:
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)


def _braces(decision: Merge, b: Node | None, o: Written, t: Node | None, indent: str) -> str:
    before = b.entries if isinstance(b, TableLike) else {}
    now = t.entries if isinstance(t, TableLike) else {}
    if isinstance(o, Short):
        if list(decision.entries) == [o.key]:
            return rewritten(decision.entries[o.key], before.get(o.key), o.scalar, now.get(o.key), indent)
        cells = [Cell(" ", o.scalar, "", False, "", o.key, " = ", o.key)]
        o = Inline("{}", 0, 0, None, cells, " ", {})
    if not isinstance(o, Inline):
        return o.raw
    pieces: dict[str, _Piece] = {}
    for cell in o.cells:
        inner = decision.entries.get(cell.name)
        if inner is not None:
            value = rewritten(inner, before.get(cell.name), cell.value, now.get(cell.name), indent)
            pieces[cell.name] = _Piece(cell.key + cell.equals + value, cell.lead, cell.post, cell.trail)
            pieces[cell.name].was_first = cell is o.cells[0]
    order = [cell.name for cell in o.cells if cell.name in pieces]
    siblings = list(now)
    for place, key in enumerate(siblings):
        inner = decision.entries.get(key)
        if key in pieces or not isinstance(inner, Take):
            continue
        known = [order.index(each) for each in siblings[:place] if each in order]
        order.insert(known[-1] + 1 if known else 0, key)
        pieces[key] = _Piece(f"{quoted(key)} = {inline(inner.node)}")
    padding = o.cells[0].lead if o.cells else " "
    tail = o.tail if o.cells else " "
    return _assemble("{}", [pieces[key] for key in order], _Layout(o.cells, padding, tail, indent))


def _brackets(decision: Elements, b: Node | None, o: Array, indent: str) -> str:
    # An array that the user has put on one line stays there, without the template's comments.
    collapsed = "\n" not in o.raw and isinstance(b, Array) and "\n" in b.raw
    pieces: list[_Piece] = []
    kept: set[int] = set()
    for item in decision.items:
        group = item.group
        if group.ours is not None:
            kept.update(id(cell) for cell in group.ours.cells)
            pieces.extend(_kept_pieces(item, indent, o.cells[0]))
        else:
            pieces.extend(_new_pieces(item))
    for piece in pieces if collapsed else []:
        piece.comments, piece.trail = [], ""
    # A comment of the user's stays where the element that it was above is removed.
    theirs_comments = {comment for group in decision.groups if group.base for comment in _comments(group.base.cells)}
    orphans = [
        comment
        for cell in o.cells
        if id(cell) not in kept
        for comment in _comments([cell])
        if comment not in theirs_comments
    ]
    layout = _Layout(o.cells, o.cells[0].lead if o.cells else "", o.tail, indent)
    pairs = [group.ours.cells for group in decision.groups if group.ours and len(group.ours.cells) == 2]
    layout.joined = any("\n" not in second.lead for _, second in pairs)
    return _assemble("[]", pieces, layout, orphans)


def _comments(cells: Iterable[Cell]) -> list[str]:
    return [comment for cell in cells for comment in (*comment_lines(cell.lead), *comment_lines(cell.trail))]


def _kept_pieces(item: Item, indent: str, first: Cell) -> Iterable[_Piece]:
    group = item.group
    assert group.ours is not None
    for place, cell in enumerate(group.ours.cells):
        before = group.base.cells[place] if group.base and place < len(group.base.cells) else None
        now = group.theirs.cells[place] if group.theirs and place < len(group.theirs.cells) else None
        if item.decision is not None:
            value = rewritten(item.decision, before.value if before else None, cell.value, _node(item, place), indent)
        else:
            value = inline(item.source.nodes[place])
        piece = _Piece(value, cell.lead, cell.post, cell.trail, was_first=cell is first)
        disputed = isinstance(item.decision, Keep) and item.decision.disputed
        if before is not None and now is not None and not disputed:
            _take_comments(piece, before, cell, now)
        yield piece


def _node(item: Item, place: int) -> Node | None:
    return item.group.theirs.nodes[place] if item.group.theirs else None


def _take_comments(piece: _Piece, before: Cell, cell: Cell, now: Cell) -> None:
    old, own, new = (comment_lines(each.lead) for each in (before, cell, now))
    if own == old != new:
        piece.lead, piece.comments = None, new
    old, own, new = (comment_lines(each.trail) for each in (before, cell, now))
    if own == old != new:
        piece.trail = now.trail


def _new_pieces(item: Item) -> Iterable[_Piece]:
    cells = item.source.cells
    for place, node in enumerate(item.source.nodes):
        piece = _Piece(inline(node), second=place > 0)
        if place < len(cells):
            piece.comments, piece.trail = comment_lines(cells[place].lead), cells[place].trail
        yield piece


class _Layout:
    """How the user lays out an array: on one line or on many, with which indentation and with a comma at the end."""

    def __init__(self, cells: list[Cell], first: str, tail: str, indent: str) -> None:
        broken = [cell.lead for cell in cells if "\n" in cell.lead]
        self.many = bool(broken) or (not cells and "\n" in tail)
        self.one_per_line = self.many and len(broken) * 2 > len(cells) - 1
        self.indent = broken[0].rsplit("\n", 1)[1] if broken else indent + "  "
        self.outer = indent
        self.first, self.tail = first, tail
        self.between = cells[1].lead if len(cells) > 1 and not cells[1].lead.strip() else " "
        self.comma = cells[-1].comma if cells else self.many
        # Whether two words that belong together are on one line.
        self.joined = False

    def spread(self) -> None:
        """Give each element a line of its own: there are comments to be written."""
        self.many = self.one_per_line = self.comma = True
        self.indent, self.tail = self.outer + "  ", "\n" + self.outer
        self.first = "\n" + self.indent


def _assemble(brackets: str, pieces: list[_Piece], layout: _Layout, orphans: list[str] | None = None) -> str:
    new_comments = any(piece.comments or piece.trail for piece in pieces)
    if (new_comments or orphans) and not layout.many:
        layout.spread()
        for piece in pieces:
            piece.lead = None
    parts = [brackets[0]]
    previous = ""
    for place, piece in enumerate(pieces):
        lead = piece.lead
        line = f"\n{layout.indent}"
        moved = piece.lead is not None and piece.was_first
        if lead is None:
            own_line = layout.one_per_line and not (piece.second and layout.joined)
            lead = line if own_line or piece.comments else ""
            lead = "".join(f"{line}{comment}" for comment in piece.comments) + lead
        if place == 0 and "\n" not in lead:
            lead = layout.first if "#" not in layout.first else line
        elif place > 0 and "\n" not in lead and previous:
            lead = line + lead.lstrip()
        elif place > 0 and (piece.lead is None or moved) and "\n" not in lead:
            lead = layout.between if "\n" not in layout.between else " "
        last = place == len(pieces) - 1
        comma = "," if not last or layout.comma else ""
        parts.append(lead + piece.value + piece.post + comma + piece.trail)
        previous = piece.trail
    tail = layout.tail
    if orphans:
        tail = "".join(f"\n{layout.indent}{comment}" for comment in orphans) + (tail if "\n" in tail else f"\n{tail}")
    elif previous and "\n" not in tail:
        tail = f"\n{layout.outer}"
    return "".join(parts) + tail + brackets[1]
