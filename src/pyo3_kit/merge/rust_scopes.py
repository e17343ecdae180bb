"""The names that a Rust text defines, scope by scope, read with tree-sitter.

What stands behind `#[cfg(…)]` may be defined again for another configuration and is left out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_TYPES = {"struct_item", "enum_item", "union_item", "trait_item", "type_item", "mod_item", "associated_type"}
_VALUES = {"function_item", "function_signature_item", "const_item", "static_item"}
_FIELDS = {"field_declaration", "enum_variant"}


class _Scope(NamedTuple):
    path: str
    node: SgNode


def broken(text: str) -> int | None:
    """The line (from 1) at which the text stops being Rust; None when all of it is."""
    root = _root(text)
    error = root.find(kind="ERROR")
    if error is not None:
        return error.range().start.line + 1
    stack = [root]
    while stack:
        node = stack.pop()
        inner = node.children()
        stack += inner
        # A token that the parser made up to go on takes no room.
        if not inner and not node.is_named() and node.range().start.index == node.range().end.index:
            return node.range().start.line + 1
    return None


def names(text: str) -> Iterator[tuple[str, int]]:
    """Every name that may be defined once, with its line (from 1)."""
    scopes = deque([_Scope("", _root(text))])
    while scopes:
        path, node = scopes.popleft()
        attributes: list[str] = []
        for item in node.children():
            if item.kind() == "attribute_item":
                attributes.append(item.text())
                continue
            if "comment" in item.kind():
                continue
            conditional = any("cfg" in attribute for attribute in attributes)
            for name, line in _defined(path, item, attributes):
                if not conditional:
                    yield name, line
            attributes = []
            if not conditional:
                scopes += _inner(path, item)


def _defined(path: str, item: SgNode, attributes: list[str]) -> Iterator[tuple[str, int]]:
    line = item.range().start.line + 1
    kind = item.kind()
    if kind == "use_declaration":
        argument = item.field("argument")
        yield from ((f"`{path}{name}` (in `use`)", line) for name in (_used(argument) if argument else ()))
    elif kind == "impl_item" and item.field("trait") is not None:
        header = item.text().partition("{")[0]
        yield f"`{path}{' '.join(header.split())}`", line
    elif kind == "impl_item" and any("pymethods" in attribute for attribute in attributes):
        yield f"`#[pymethods]` of `{path}{_type(item)}`", line
    elif kind in _TYPES | _VALUES | _FIELDS:
        name = item.field("name")
        if name is not None and name.text() != "_":
            space = "type " if kind in _TYPES else "" if kind in _FIELDS else "fn " if "function" in kind else "const "
            yield f"`{space}{path}{name.text()}`", line


def _inner(path: str, item: SgNode) -> list[_Scope]:
    body = item.field("body")
    kind = item.kind()
    if body is None or kind not in _TYPES | {"impl_item"}:
        return []
    if kind == "impl_item":
        # Two `impl` blocks of one type are one scope, but a trait's methods are another.
        trait = item.field("trait")
        prefix = f"{path}{_type(item)}" + (f" as {trait.text()}" if trait else "")
    else:
        name = item.field("name")
        prefix = f"{path}{name.text() if name else ''}"
    return [_Scope(f"{prefix}::", body)]


def _type(item: SgNode) -> str:
    node = item.field("type")
    return "".join(node.text().split()) if node else ""


def _used(node: SgNode) -> Iterator[str]:
    """The names that a `use` brings in."""
    kind = node.kind()
    if kind == "use_list":
        for inner in node.children():
            yield from _used(inner) if inner.is_named() else ()
    elif kind == "scoped_use_list":
        members = node.field("list")
        path = node.field("path")
        for member in _used(members) if members else ():
            yield path.text().rpartition("::")[2] if member == "self" and path else member
    elif kind == "use_as_clause":
        alias = node.field("alias")
        if alias is not None and alias.text() != "_":
            yield alias.text()
    elif kind == "scoped_identifier":
        name = node.field("name")
        if name is not None:
            yield name.text()
    elif kind in {"identifier", "self"}:
        yield node.text()


def _root(text: str) -> SgNode:
    from ast_grep_py import SgRoot

    return SgRoot(text, "rust").root()
