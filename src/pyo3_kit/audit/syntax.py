"""Reads attributes and types out of Rust's syntax tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyo3_kit.audit.items import Attribute, Type
from pyo3_kit.texts.edits import Span

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_HEAD = re.compile(r"\s*([A-Za-z_]\w*(?:\s*::\s*\w+)*)\s*")
_TOKEN = re.compile(r'r(#*)"[\s\S]*?"\1|b?"(?:[^"\\]|\\[\s\S])*"|b?\'(?:[^\'\\]|\\.)\'|//[^\n]*|/\*[\s\S]*?\*/|[\s\S]')
_OPEN = {"(": ")", "[": "]", "{": "}"}


def span(node: SgNode) -> Span:
    """Where a node stands."""
    place = node.range()
    return Span(place.start.index, place.end.index)


def without_words(text: str) -> str:
    """Rust without its comments and literals; the lines stay."""
    return _TOKEN.sub(lambda token: token[0] if len(token[0]) == 1 else "\n" * token[0].count("\n"), text)


def attributes_of(item: SgNode) -> tuple[Attribute, ...]:
    """The attributes that stand before an item, in their order."""
    found: list[SgNode] = []
    before = item.prev()
    while before is not None and (before.kind() == "attribute_item" or "comment" in before.kind()):
        if before.kind() == "attribute_item":
            found.append(before)
        before = before.prev()
    return tuple(attribute for node in reversed(found) for attribute in read_attribute(node))


def read_attribute(node: SgNode) -> Iterator[Attribute]:
    """The attributes in an `attribute_item`: one, or several where it is a `cfg_attr`."""
    text, item = node.text(), span(node)
    start, end = text.find("[") + 1, text.rfind("]")
    # In a broken file the parser makes up the bracket that is missing.
    if 0 < start <= end:
        yield from _read(text, start, end, item, conditional=False)


def _read(text: str, start: int, end: int, item: Span, *, conditional: bool) -> Iterator[Attribute]:
    head = _HEAD.match(text, start, end)
    if head is None:
        return
    path = "".join(head[1].split())
    at = head.end()
    arguments = None
    options: dict[str, str | None] = {}
    if text.startswith("(", at, end) and (close := text.rfind(")", at, end)) >= 0:
        pieces = list(split(text, at + 1, close))
        if path == "cfg_attr":
            for first, last in pieces[1:]:
                yield from _read(text, first, last, item, conditional=True)
            return
        arguments = Span(item.start + at + 1, item.start + close)
        for first, last in pieces:
            name, equals, value = text[first:last].strip().partition("=")
            if name.strip():
                options[name.strip()] = value.strip() if equals else None
    elif text.startswith("=", at, end):
        options[""] = text[at + 1 : end].strip()
    where = Span(item.start + head.start(1), item.start + end)
    yield Attribute(path, options, where, item, conditional, arguments)


def split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The places of what commas separate between `start` and `end`, whatever nests in it; empty pieces are left out."""
    depth, begin = 0, start
    for token in _TOKEN.finditer(text, start, end):
        piece = token[0]
        if piece in _OPEN:
            depth += 1
        elif piece in _OPEN.values():
            depth -= 1
        elif piece == "," and not depth:
            if text[begin : token.start()].strip():
                yield begin, token.start()
            begin = token.end()
    if text[begin:end].strip():
        yield begin, end


def read_type(node: SgNode) -> Type:
    """A type from the node that it is written in."""
    kind, text, place = node.kind(), " ".join(node.text().split()), span(node)
    if kind == "reference_type":
        mutable = any(child.kind() == "mutable_specifier" for child in node.children())
        inner = node.field("type")
        return Type("&mut" if mutable else "&", text, place, (read_type(inner),) if inner else ())
    if kind == "generic_type":
        named = node.field("type")
        listed = node.field("type_arguments")
        arguments = [read_type(child) for child in _types(listed)] if listed else []
        return Type(_last(named.text()) if named else text, text, place, tuple(arguments))
    if kind in ("array_type", "tuple_type"):
        return Type("[]" if kind == "array_type" else "()", text, place, tuple(map(read_type, _types(node))))
    if kind == "scoped_type_identifier":
        return Type(_last(text), text, place)
    return Type(text, text, place)


def _types(node: SgNode) -> Iterator[SgNode]:
    for child in node.children():
        if child.is_named() and child.kind() not in ("lifetime", "line_comment", "block_comment", "integer_literal"):
            yield child


def _last(path: str) -> str:
    return path.rpartition("::")[2].strip()
