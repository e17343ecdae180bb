"""The names that a Rust text defines, scope by scope.

Items after `#[cfg(…)]` may be defined again for another configuration, and are skipped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from pyo3_kit.rust.tree import SyntaxNode, is_comment
from pyo3_kit.rust.uses import bound_names

_TYPES = {"struct_item", "enum_item", "union_item", "trait_item", "type_item", "mod_item", "associated_type"}
_VALUES = {"function_item", "function_signature_item", "const_item", "static_item"}
_FIELDS = {"field_declaration", "enum_variant"}


class _Scope(NamedTuple):
    path: str
    node: SyntaxNode


def defined_names(root: SyntaxNode) -> Iterator[tuple[str, int]]:
    """Every name that may be defined once, with its line (from 1)."""
    scopes = deque([_Scope("", root)])
    while scopes:
        path, node = scopes.popleft()
        attributes: list[str] = []
        for item in node.children():
            if item.kind() == "attribute_item":
                attributes.append(item.text())
                continue
            if is_comment(item):
                continue
            conditional = any("cfg" in attribute for attribute in attributes)
            for name, line in _defined(path, item, attributes):
                if not conditional:
                    yield name, line
            attributes = []
            if not conditional:
                scopes += _inner(path, item)


def _defined(path: str, item: SyntaxNode, attributes: list[str]) -> Iterator[tuple[str, int]]:
    line = item.range().start.line + 1
    kind = item.kind()
    if kind == "use_declaration":
        yield from ((f"`{path}{name}` (in `use`)", line) for name in bound_names(item))
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


def _inner(path: str, item: SyntaxNode) -> list[_Scope]:
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


def _type(item: SyntaxNode) -> str:
    node = item.field("type")
    return "".join(node.text().split()) if node else ""
