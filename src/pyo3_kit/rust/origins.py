"""Where a name in a Rust file comes from: PyO3, the project itself, or another crate."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pyo3_kit.rust.tree import SyntaxNode, parse
from pyo3_kit.rust.uses import imports

PYO3, OWN, OTHER = "pyo3", "own", "other"
_TYPES = ("struct_item", "enum_item", "union_item", "trait_item", "type_item")
_HERE = ("crate", "self", "super")
_HOPS = 5


def origin(text: str, name: str) -> str | None:
    """The origin of a name in a file, by its definitions and imports; None if the file does not mention it.

    The C API's types count as others' own, though PyO3 hands them out. A file that says several things says OTHER.
    """
    defined, imported = _names(text)
    found = {_kind(_resolved(path, imported)) for path in imported.get(name, ())}
    if name in defined:
        found.add(OWN)
    return next(iter(found)) if len(found) == 1 else (OTHER if found else None)


def defines(text: str, name: str) -> bool:
    """Whether a file defines a type, or a module, of this name."""
    return name in _names(text)[0]


def bound(node: SyntaxNode) -> str:
    """`Bound`, as it must be written at the node: with its path if it is not imported."""
    scope: SyntaxNode | None = node
    while scope is not None:
        for name, path in _imports_of(scope):
            if name == "Bound":
                return "Bound" if _kind(path) == PYO3 else "pyo3::Bound"
            if name == "*" and path in ("pyo3", "pyo3::prelude"):
                return "Bound"
        if scope.kind() == "mod_item":
            break
        scope = scope.parent()
    return "pyo3::Bound"


@lru_cache(maxsize=64)
def _names(text: str) -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """The types and modules that a file defines, and the paths that it imports by their names."""
    root = parse(text)
    items = root.find_all(any=[{"kind": kind} for kind in (*_TYPES, "mod_item")])
    names = [name.text() for item in items if (name := item.field("name")) is not None]
    imported: dict[str, list[str]] = {}
    for use in root.find_all(kind="use_declaration"):
        for alias, path in imports(use):
            imported.setdefault(alias, []).append(path)
    return frozenset(names), {name: tuple(paths) for name, paths in imported.items()}


def _imports_of(scope: SyntaxNode) -> Iterator[tuple[str, str]]:
    """What the `use` declarations right in a file, a module or a block import."""
    body = scope.field("body") if scope.kind() == "mod_item" else scope
    for child in body.children() if body is not None else []:
        if child.kind() == "use_declaration":
            yield from imports(child)


def _resolved(path: str, imported: dict[str, tuple[str, ...]]) -> str:
    """The path with its first name as what the file imports by that: `use pyo3 as py; use py::PyAny`."""
    for _ in range(_HOPS):
        head, colons, rest = path.partition("::")
        sources = imported.get(head, ()) if colons else ()
        if len(sources) != 1 or sources[0] == head:
            break
        path = f"{sources[0]}::{rest}"
    return path


def _kind(path: str) -> str:
    parts = path.split("::")
    if parts[0] in _HERE or "ffi" in parts or parts[0] == "pyo3_ffi":
        return OWN
    return PYO3 if parts[0] == "pyo3" else OTHER
