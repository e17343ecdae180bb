"""Rust source as nodes: items by kind and name, with their attributes and comments."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.merge.code.nodes import Body, Group, Leaf, Node
from pyo3_kit.merge.code.rust_lists import attribute, parameters, use_names, use_tree
from pyo3_kit.merge.code.source import Source
from pyo3_kit.merge.code.units import Part, elements
from pyo3_kit.rust.tree import SyntaxNode, span

_NAMED = {
    "function_item": "fn",
    "function_signature_item": "fn",
    "struct_item": "struct",
    "enum_item": "enum",
    "union_item": "union",
    "trait_item": "trait",
    "mod_item": "mod",
    "static_item": "static",
    "const_item": "const",
    "type_item": "type",
    "associated_type": "type",
    "extern_crate_declaration": "extern crate",
    "macro_definition": "macro",
    "field_declaration": "field",
    "enum_variant": "variant",
}
_BODIES = {"declaration_list", "field_declaration_list", "enum_variant_list"}


def tree(source: Source) -> Group:
    """The whole file as one node."""
    text = source.text
    end = len(text.rstrip())
    end = max([end, *(span(child)[1] for child in source.root.children())])
    body = _body(source, 0, end, source.root.children())
    return source.group(0, len(text), (body, source.leaf(end, len(text))))


def named(node: SyntaxNode) -> tuple[str, str] | None:
    """The kind and name of an item that there can be only one of in its scope; None for all others."""
    kind = _NAMED.get(node.kind())
    name = node.field("name")
    return (kind, name.text()) if kind and name else None


def header(source: Source, node: SyntaxNode) -> str:
    """What an `impl` is of and for."""
    body = node.field("body")
    start, end = span(node)
    return " ".join(source.between(start, span(body)[0] if body else end))


def _body(source: Source, start: int, end: int, children: list[SyntaxNode]) -> Body:
    return Body(source.text[start:end], source.between(start, end), elements(source, start, _parts(source, children)))


def _parts(source: Source, children: list[SyntaxNode]) -> Iterator[Part]:
    for node in children:
        kind = node.kind()
        start, end = span(node)
        text = source.text[start:end]
        if kind in ("line_comment", "block_comment"):
            if text.startswith(("//!", "/*!")):
                yield Part(start, end, "head", ("inner doc",))
            elif text.startswith("///") and not text.startswith("////"):
                yield Part(start, end, "doc", ("doc", text))
            else:
                yield Part(start, end, "comment", ("comment", text))
        elif kind == "attribute_item":
            yield _attribute(source, node, "attribute")
        elif kind == "inner_attribute_item":
            yield _attribute(source, node, "inner attribute")
        elif node.is_named():
            yield _item(source, node)


def _attribute(source: Source, node: SyntaxNode, kind: str) -> Part:
    start, end = span(node)
    words = source.between(start, end)
    opened = next((i for i, word in enumerate(words) if word in ("(", "=")), len(words) - 1)
    name = " ".join(words[:opened])
    first = " ".join(words[: opened + 2])
    return Part(start, end, kind, (name, first, " ".join(words)), build=lambda at, to: attribute(source, at, node, to))


def _item(source: Source, node: SyntaxNode) -> Part:
    kind = node.kind()
    start, end = span(node)
    words = source.between(start, end)
    every = " ".join(words)
    if kind == "use_declaration":
        path, names = use_names(node)
        order = _path_order((*path, *(names if len(names) == 1 else ())))
        keys = (f"use {'::'.join(path)}", every)
        return Part(start, end, "use", keys, order, _family(path), lambda at, to: _use(source, at, node, to))
    name = named(node)
    if kind == "const_item":
        type_ = node.field("type")
        label = node.field("name")
        title = label.text() if label else ""
        of = f" {' '.join(source.between(*span(type_)))}" if title == "_" and type_ else ""
        return Part(start, end, "const", (f"const {title}{of}",))
    if kind == "impl_item":
        return Part(start, end, "impl", (header(source, node),), build=lambda at, to: _container(source, at, node, to))
    if kind == "foreign_mod_item":
        return Part(start, end, "extern", ("extern",), build=lambda at, to: _container(source, at, node, to))
    if name:
        if kind == "mod_item" and node.field("body") is None:
            return Part(start, end, "mod", (f"mod {name[1]}",), (name[1],), "mod")
        build = _function if name[0] == "fn" else _container
        return Part(start, end, name[0], (" ".join(name),), build=lambda at, to: build(source, at, node, to))
    if "!" in words[:4]:
        idents = [word for word in words if word.isidentifier()]
        return Part(start, end, "macro call", (" ".join(idents[:3]), every))
    return Part(start, end, "statement", (every,))


def _path_order(path: tuple[str, ...]) -> tuple[str, ...]:
    """Path segments as rustfmt orders them: `self`, `super`, `crate`, then the names."""
    first = {"self": "\0", "super": "\1", "crate": "\2"}
    return tuple(first.get(word, word) for word in path)


def _family(path: tuple[str, ...]) -> str:
    """The group of imports that rustfmt would put it into: the standard library's, other crates', one's own."""
    if path[:1] in (("std",), ("core",), ("alloc",)):
        return "use std"
    return "use own" if path[:1] in (("self",), ("super",), ("crate",)) else "use crates"


def _use(source: Source, at: int, node: SyntaxNode, to: int) -> Node:
    argument = node.field("argument")
    found = use_tree(source, argument) if argument else None
    if argument is None or found is None:
        return source.leaf(at, to, lines=True)
    cut, names = found
    return source.group(at, to, (source.leaf(at, cut), names, source.leaf(span(argument)[1], to)))


def _container(source: Source, at: int, node: SyntaxNode, to: int) -> Node:
    """An item with a body of other items, when the body is on lines of its own."""
    body = node.field("body")
    if body is None or body.kind() not in _BODIES:
        return source.leaf(at, to, lines=True)
    first, last = span(body)
    children = body.children()[1:-1]
    foot = source.text.rfind("\n", first, last)
    if foot < 0 and not children:
        foot = last - 1
        head = Leaf(source.text[at : first + 1], source.between(at, first + 1))
        return source.group(at, to, (head, Body("", (), ()), source.leaf(last - 1, to)))
    opened = source.line_end(first)
    behind = [child for child in children if span(child)[0] < opened]
    if foot < 0 or source.text[foot : last - 1].strip() or not all("comment" in child.kind() for child in behind):
        return source.leaf(at, to, lines=True)
    if any(span(child)[1] > opened for child in behind):
        return source.leaf(at, to, lines=True)
    inside = children[len(behind) :]
    if body.kind() != "declaration_list" and not _ended(inside):
        return source.leaf(at, to, lines=True)
    foot = max((span(child)[1] for child in inside), default=opened)
    head = source.leaf(at, opened, lines=True)
    return source.group(at, to, (head, _rows(source, opened, foot, inside), source.leaf(foot, to)))


def _ended(children: list[SyntaxNode]) -> bool:
    """Whether the last field or variant has its comma, so that another one may follow."""
    last = [child for child in children if "comment" not in child.kind()]
    return not last or last[-1].kind() == ","


def _rows(source: Source, start: int, end: int, children: list[SyntaxNode]) -> Body:
    """A body whose commas belong to the element before them."""
    parts: list[Part] = []
    pending: list[SyntaxNode] = []
    for child in children:
        if child.kind() == "," and pending:
            made = list(_parts(source, pending))
            made[-1].end = span(child)[1]
            parts += made
            pending = []
        elif child.kind() not in (",",):
            if pending and pending[-1].kind() not in ("attribute_item", "line_comment", "block_comment"):
                parts += _parts(source, pending)
                pending = []
            pending.append(child)
    parts += _parts(source, pending)
    return Body(source.text[start:end], source.between(start, end), elements(source, start, parts))


def _function(source: Source, at: int, node: SyntaxNode, to: int) -> Node:
    """A function as its name, its parameters, its result and the lines of its body."""
    params, body = node.field("parameters"), node.field("body")
    if params is None:
        return source.leaf(at, to, lines=True)
    listed = parameters(source, params)
    first, last = span(params)
    parts: list[Node] = [source.leaf(at, first), listed]
    if body is None:
        return source.group(at, to, [*parts, source.leaf(last, to)])
    opened = source.text.find("\n", *span(body))
    foot = source.text.rfind("\n", *span(body))
    if opened < 0 or opened == foot or source.text[span(body)[0] : opened].strip() != "{":
        return source.group(at, to, [*parts, source.leaf(last, to)])
    inner = source.leaf(opened + 1, foot, lines=True)
    return source.group(at, to, [*parts, source.leaf(last, opened + 1), inner, source.leaf(foot, to)])
