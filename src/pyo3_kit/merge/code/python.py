"""Python source as nodes: imports, assignments, functions and classes by name, the other statements as they come."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from pyo3_kit.merge.code.listing import listing
from pyo3_kit.merge.code.nodes import Body, Element, Group, Listing, Node, Style
from pyo3_kit.merge.code.source import Source
from pyo3_kit.merge.code.units import Part, elements
from pyo3_kit.rust.tree import SyntaxNode, span

_WIDTH = 88
_PARENTHESES = Style(("(", ")"), width=_WIDTH)
_NAMES = Style(("(", ")"), bare=True, width=_WIDTH)
_LITERALS = ("list", "tuple", "set", "dictionary")
_DEFINITIONS = ("function_definition", "class_definition")


def tree(source: Source) -> Group:
    """The whole file as one node."""
    text = source.text
    end = len(text.rstrip())
    body = _body(source, 0, end, source.root.children())
    return source.group(0, len(text), (body, source.leaf(end, len(text))))


def defined(node: SyntaxNode) -> tuple[str, str] | None:
    """`def` or `class` and the name, with what its decorators are; None for other statements."""
    inner = _definition(node)
    name = inner.field("name") if inner else None
    if inner is None or name is None:
        return None
    return ("def" if inner.kind() == "function_definition" else "class"), name.text()


def decorators(node: SyntaxNode) -> list[SyntaxNode]:
    """The decorators of a definition."""
    return [child for child in node.children() if child.kind() == "decorator"]


def _definition(node: SyntaxNode) -> SyntaxNode | None:
    if node.kind() in _DEFINITIONS:
        return node
    return node.field("definition") if node.kind() == "decorated_definition" else None


def _body(source: Source, start: int, end: int, children: Sequence[SyntaxNode]) -> Body:
    parts = elements(source, start, _parts(source, children))
    return Body(source.text[start:end], source.between(start, end), parts)


def _parts(source: Source, children: Sequence[SyntaxNode]) -> Iterator[Part]:
    for i, node in enumerate(children):
        start, end = span(node)
        if node.kind() == "comment":
            first = start == 0 and source.text.startswith("#!")
            yield Part(start, end, "head" if first else "comment", ("comment", source.text[start:end]))
        elif node.kind() == "decorated_definition":
            for inner in node.children():
                if inner.kind() in ("decorator", "comment"):
                    yield _above(source, inner)
            yield _statement(source, node, start=span(_definition(node) or node)[0])
        elif node.is_named():
            docstring = all(child.kind() == "comment" for child in children[:i]) and _is_string(node)
            yield Part(start, end, "docstring", ("docstring",)) if docstring else _statement(source, node)
        else:
            yield Part(start, end, "opaque", (node.text(),))


def _is_string(node: SyntaxNode) -> bool:
    return [child.kind() for child in node.children()] in (["string"], ["concatenated_string"])


def _above(source: Source, node: SyntaxNode) -> Part:
    start, end = span(node)
    words = source.between(start, end)
    if node.kind() == "comment":
        return Part(start, end, "comment", ("comment", source.text[start:end]))
    opened = next((i for i, word in enumerate(words) if word == "("), len(words))
    return Part(start, end, "attribute", ("".join(words[:opened]), "".join(words[: opened + 2]), "".join(words)))


def _statement(source: Source, node: SyntaxNode, start: int | None = None) -> Part:
    kind = node.kind()
    first, end = span(node)
    start = first if start is None else start
    words = source.between(start, end)
    every = " ".join(words)
    name = defined(node)
    inner = _definition(node)
    if name and inner:
        marks = " ".join(" ".join(source.between(*span(child))) for child in decorators(node))
        keys = (" ".join(name), f"{' '.join(name)} {marks}")
        build = _function if name[0] == "def" else _block
        return Part(start, end, name[0], keys, build=lambda at, to: build(source, at, inner, to))
    if kind == "import_from_statement":
        module = node.field("module_name")
        path = module.text() if module else ""
        return Part(
            start,
            end,
            "import",
            (f"from {path}", every),
            ("1", path),
            _family(path),
            lambda at, to: _import(source, at, node, to),
        )
    if kind in ("import_statement", "future_import_statement"):
        return Part(start, end, "import", (every,), ("0", every), _family(words[1]))
    if kind == "expression_statement":
        child = node.children()[0]
        left = child.field("left") if child.kind() in ("assignment", "augmented_assignment") else None
        if left is not None and left.kind() == "identifier":
            sign = "=" if child.kind() == "assignment" else "+="
            keys = (f"{left.text()} {sign}", every)
            return Part(start, end, "value", keys, build=lambda at, to: _value(source, at, child, to))
    if kind == "if_statement" and not any(c.kind() in ("elif_clause", "else_clause") for c in node.children()):
        condition = node.field("condition")
        key = f"if {' '.join(source.between(*span(condition)))}" if condition else every
        return Part(start, end, "if", (key, every), build=lambda at, to: _block(source, at, node, to))
    return Part(start, end, "statement", (every,))


def _family(module: str) -> str:
    """The group of imports that ruff would put it into."""
    root = module.partition(".")[0]
    if root == "__future__":
        return "future"
    return "standard" if root in sys.stdlib_module_names else "others" if root else "own"


def _import(source: Source, at: int, node: SyntaxNode, to: int) -> Node:
    children = node.children()
    at_import = next(i for i, child in enumerate(children) if child.kind() == "import")
    inside = children[at_import + 1 :]
    if any(child.kind() == "wildcard_import" for child in inside) or not inside:
        return source.leaf(at, to, lines=True)
    bare = inside[0].kind() != "("
    start, end = span(inside[0])[0], span(inside[-1])[1]

    def make(nodes: Sequence[SyntaxNode]) -> Element:
        text = nodes[0].text()
        name = nodes[0].field("name")
        key = name.text() if name else text
        return Element((key, text), "name", source.leaf(*span(nodes[0])), "", (key,))

    found = listing(source, (start, end), inside if bare else inside[1:-1], make, _NAMES, plain=bare)
    if found is None:
        return source.leaf(at, to, lines=True)
    return source.group(at, to, (source.leaf(at, start), found, source.leaf(end, to)))


def _value(source: Source, at: int, node: SyntaxNode, to: int) -> Node:
    """An assignment; a list of strings is a set of them, any other list keeps its order, a dict has its keys."""
    right = node.field("right")
    if right is None or right.kind() not in _LITERALS or not right.text().startswith(("[", "(", "{")):
        return source.leaf(at, to, lines=True)
    children = right.children()
    items = [child for child in children[1:-1] if child.is_named() and child.kind() != "comment"]
    keyed = right.kind() == "dictionary"
    strings = all(child.kind() == "string" for child in items)
    # Among options the order means something: what follows one may be its value.
    words = strings and not any(child.text().strip("'\"").startswith("-") for child in items)

    def make(nodes: Sequence[SyntaxNode]) -> Element:
        key = nodes[0].field("key") if keyed else None
        every = " ".join(source.between(*span(key or nodes[0])))
        order = (nodes[0].text().strip("'\""),) if words else ()
        return Element((every,), "name", source.leaf(*span(nodes[0])), "", order)

    brackets = Style((children[0].text(), children[-1].text()), width=_WIDTH)
    found = listing(source, span(right), children[1:-1], make, brackets, ordered=not words and not keyed)
    if found is None or not _distinct(found):
        return source.leaf(at, to, lines=True)
    start, end = span(right)
    return source.group(at, to, (source.leaf(at, start), found, source.leaf(end, to)))


def _distinct(found: Listing) -> bool:
    return len({element.keys[0] for element in found.elements}) == len(found.elements)


def _head(source: Source, node: SyntaxNode) -> tuple[int, list[SyntaxNode]] | None:
    """Where the header of a compound statement ends, and what its body holds; None when the body begins on its line."""
    block = node.field("body") or node.field("consequence")
    if block is None:
        return None
    children = node.children()
    colon = max(i for i, child in enumerate(children) if child.kind() == ":" and span(child)[0] < span(block)[0])
    head = source.line_end(span(children[colon])[0])
    comments = [child for child in children[colon + 1 :] if child.kind() == "comment" and span(child)[0] > head]
    if span(block)[0] < head:
        return None
    inside = [*comments, *block.children()]
    return head, sorted(inside, key=lambda child: span(child)[0])


def _block(source: Source, at: int, node: SyntaxNode, to: int) -> Node:
    """A class, or an `if`, as its header and the statements in it."""
    found = _head(source, node)
    if found is None:
        return source.leaf(at, to, lines=True)
    head, children = found
    return source.group(at, to, (source.leaf(at, head, lines=True), _body(source, head, to, children)))


def _function(source: Source, at: int, node: SyntaxNode, to: int) -> Node:
    """A function as its name, its parameters, its result and the lines of its body."""
    params = node.field("parameters")
    listed = _parameters(source, params) if params else None
    if params is None or listed is None:
        return source.leaf(at, to, lines=True)
    first, last = span(params)
    parts: list[Node] = [source.leaf(at, first), listed]
    found = _head(source, node)
    if found is None:
        return source.group(at, to, [*parts, source.leaf(last, to)])
    head = found[0]
    return source.group(at, to, [*parts, source.leaf(last, head + 1), source.leaf(head + 1, to, lines=True)])


def _parameters(source: Source, node: SyntaxNode) -> Listing | None:
    def make(nodes: Sequence[SyntaxNode]) -> Element:
        name = nodes[0].field("name") or next((c for c in nodes[0].children() if c.kind() == "identifier"), nodes[0])
        return Element((name.text(),), "parameter", source.leaf(*span(nodes[0])))

    return listing(source, span(node), node.children()[1:-1], make, _PARENTHESES, ordered=True)
