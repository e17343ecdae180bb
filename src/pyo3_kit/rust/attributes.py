"""Attributes of Rust items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyo3_kit.rust.tokens import split
from pyo3_kit.rust.tree import SyntaxNode, is_comment, span
from pyo3_kit.texts.edits import Edit, Span

_HEAD = re.compile(r"\s*([A-Za-z_]\w*(?:\s*::\s*\w+)*)\s*")

_WIDEST_LIST = 70
"""rustfmt's `attr_fn_like_width`: a longer list gets a line for each option."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of an item, as `#[pyclass(frozen, name = "X")]`.

    `path` is `pyclass` or `pyo3::pyclass`, `options` `{"frozen": None, "name": '"X"'}`. One in `#[cfg_attr(…, …)]`
    comes by itself, `conditional`. `span` is the part without `#[` and `]`, `item` is the whole.
    """

    path: str
    options: Mapping[str, str | None]
    span: Span
    item: Span
    conditional: bool = False
    arguments: Span | None = None
    """What is between its parentheses, where it has any."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("::")[2]

    def with_option(self, option: str, text: str) -> Edit:
        """The edit of the file's text that puts an option first in the list, formatted as rustfmt does."""
        if self.arguments is None:
            return Edit(self.span.start + len(self.path), self.span.start + len(self.path), f"({option})")
        start, end = self.arguments
        listed = text[start:end]
        if not listed.strip():
            return Edit(start, end, option)
        margin = re.match(r"\s*\n[ \t]*", listed)
        if margin is not None:
            return Edit(start, start, f"{margin[0]}{option},")
        line = text[text.rfind("\n", 0, self.item.start) + 1 : self.item.start]
        if len(f"{option}, {listed}") <= _WIDEST_LIST or self.conditional or "\n" in listed or line.strip():
            return Edit(start, start, f"{option}, ")
        pieces = [option, *(listed[first:last].strip() for first, last in split(listed, 0, len(listed)))]
        return Edit(start, end, "".join(f"\n{line}    {piece}," for piece in pieces) + f"\n{line}")


def attribute_nodes(item: SyntaxNode) -> list[SyntaxNode]:
    """The `attribute_item`s before an item, in their order; comments may be between them."""
    nodes: list[SyntaxNode] = []
    before = item.prev()
    while before is not None and (before.kind() == "attribute_item" or is_comment(before)):
        if before.kind() == "attribute_item":
            nodes.append(before)
        before = before.prev()
    return nodes[::-1]


def attributes_of(item: SyntaxNode) -> tuple[Attribute, ...]:
    """The attributes of an item, in their order."""
    return tuple(attribute for node in attribute_nodes(item) for attribute in read_attribute(node))


def read_attribute(node: SyntaxNode) -> Iterator[Attribute]:
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
