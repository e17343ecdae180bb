"""Rust's lists: the names of a `use`, the arguments of an attribute, the parameters of a function."""

from __future__ import annotations

from collections.abc import Sequence

from pyo3_kit.merge.code.listing import listing
from pyo3_kit.merge.code.nodes import Element, Listing, Node, Style
from pyo3_kit.merge.code.source import Source
from pyo3_kit.rust.tree import SyntaxNode, span

_USES = Style(("{", "}"), bare=True, filled=True)
_ARGUMENTS = Style(("(", ")"), width=100)
_DERIVES = Style(("(", ")"), width=100, filled=False)
_PARAMETERS = Style(("(", ")"), width=100)


def use_names(node: SyntaxNode) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The path that a `use` takes names from, and those names."""
    argument = node.field("argument")
    if argument is None:
        return (), ()
    return _split(argument)


def _split(node: SyntaxNode) -> tuple[tuple[str, ...], tuple[str, ...]]:
    kind = node.kind()
    path = node.field("path")
    if kind == "scoped_use_list":
        names = node.field("list")
        inside = [child.text() for child in names.children() if child.is_named()] if names else []
        return _words(path), tuple(inside)
    if kind == "scoped_identifier":
        name = node.field("name")
        return _words(path), (name.text(),) if name else ()
    if kind == "use_as_clause" and path is not None:
        before, names_ = _split(path)
        return before, names_
    if kind == "use_wildcard":
        inner = next((child for child in node.children() if child.is_named()), None)
        return _words(inner), ("*",)
    if kind == "use_list":
        return (), tuple(child.text() for child in node.children() if child.is_named())
    return (), (node.text(),)


def _words(path: SyntaxNode | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in path.text().split("::")) if path is not None else ()


def use_tree(source: Source, node: SyntaxNode) -> tuple[int, Listing] | None:
    """Where the names of a use tree begin, and the names; None when a comment is in the way."""
    start, end = span(node)
    path, _ = _split(node)
    if node.kind() in ("scoped_use_list", "use_list"):
        names = node if node.kind() == "use_list" else node.field("list")
        found = _names(source, names) if names else None
        return (span(names)[0], found) if names and found else None
    cut = source.text.rfind("::", start, end) + 2 if path else start
    element = _name(source, node, cut, end)
    if element is None:
        return None
    text = source.text[cut:end]
    place = source.position(cut, end)
    return cut, Listing(text, source.between(cut, end), (element,), place, _USES, plain=True)


def _names(source: Source, node: SyntaxNode) -> Listing | None:
    def make(nodes: Sequence[SyntaxNode]) -> Element | None:
        return _name(source, nodes[0], *span(nodes[0])) if len(nodes) == 1 else None

    return listing(source, span(node), node.children()[1:-1], make, _USES)


def _name(source: Source, node: SyntaxNode, start: int, end: int) -> Element | None:
    """A name, or a path with names of its own, from `start` on."""
    inside = node
    path, names = _split(inside)
    if start != span(node)[0]:
        path = ()
    key = path[0] if path else (names[0] if names else node.text())
    value: Node = source.leaf(start, end)
    if path:
        found = use_tree(source, node)
        if found is None:
            return None
        cut, listed = found
        key = "::".join(path)
        value = source.group(start, end, (source.leaf(start, cut), listed, source.leaf(span(node)[1], end)))
    every = source.text[start:end]
    order = (*path, *names[:1]) if path else (key,)
    return Element((f"{key}::" if path else key, every), "name", value, "", order)


def attribute(source: Source, at: int, node: SyntaxNode, to: int) -> Node:
    """An attribute; its arguments as a list where it has some."""
    inner = next((child for child in node.children() if child.kind() == "attribute"), None)
    arguments = next((c for c in inner.children() if c.kind() == "token_tree"), None) if inner else None
    first = inner.children()[0].text() if inner else ""
    if inner is None or arguments is None or first in ("cfg", "cfg_attr"):
        return source.leaf(at, to, lines=True)

    def make(nodes: Sequence[SyntaxNode]) -> Element:
        start, end = span(nodes[0])[0], span(nodes[-1])[1]
        name: list[str] = []
        for child in nodes:
            if child.text() == "=" or child.kind() == "token_tree":
                break
            name.append(child.text())
        return Element(("".join(name), source.text[start:end]), "name", source.leaf(start, end), "", ("".join(name),))

    style = _DERIVES if first == "derive" else _ARGUMENTS
    found = listing(source, span(arguments), arguments.children()[1:-1], make, style)
    if found is None:
        return source.leaf(at, to, lines=True)
    start, end = span(arguments)
    return source.group(at, to, (source.leaf(at, start), found, source.leaf(end, to)))


def parameters(source: Source, node: SyntaxNode) -> Node:
    """A function's parameters by their names; their order means something."""

    def make(nodes: Sequence[SyntaxNode]) -> Element:
        start, end = span(nodes[0])[0], span(nodes[-1])[1]
        pattern = nodes[-1].field("pattern")
        name = pattern.text() if pattern else nodes[-1].text()
        return Element((name,), "parameter", source.leaf(start, end))

    found = listing(source, span(node), node.children()[1:-1], make, _PARAMETERS, ordered=True)
    return found if found is not None else source.leaf(*span(node))
