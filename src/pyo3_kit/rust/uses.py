"""What the `use` declarations of Rust import."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.rust.tree import SyntaxNode


def imports(use: SyntaxNode) -> Iterator[tuple[str, str]]:
    """The names that a `use_declaration` brings in, with their full paths; `*` for everything of a path.

    A path is without spaces and without `::` in front. What is imported `as _` has that name.
    """
    argument = use.field("argument")
    if argument is not None:
        yield from _imports(argument, "")


def bound_names(use: SyntaxNode) -> list[str]:
    """The names that a `use_declaration` defines in its scope."""
    return [name for name, _ in imports(use) if name not in ("*", "_")]


def plain_path(node: SyntaxNode) -> str:
    """The text of a path without spaces."""
    return "".join(node.text().split())


def last_name(path: str) -> str:
    """The last part of a path."""
    return path.rpartition("::")[2]


def _imports(node: SyntaxNode, prefix: str) -> Iterator[tuple[str, str]]:
    kind = node.kind()
    path = node.field("path")
    if kind == "scoped_use_list":
        names = node.field("list")
        if names is not None:
            yield from _imports(names, _joined(prefix, path))
    elif kind == "use_list":
        for child in node.children():
            yield from _imports(child, prefix)
    elif kind == "use_as_clause":
        alias = node.field("alias")
        if path is not None and alias is not None:
            yield alias.text(), prefix if prefix and path.kind() == "self" else _joined(prefix, path)
    elif kind == "use_wildcard":
        inner = next((child for child in node.children() if child.is_named()), None)
        yield "*", _joined(prefix, inner)
    elif kind in ("identifier", "scoped_identifier", "self", "crate", "super"):
        full = prefix if kind == "self" and prefix else _joined(prefix, node)
        yield last_name(full), full


def _joined(prefix: str, path: SyntaxNode | None) -> str:
    written = plain_path(path).removeprefix("::") if path is not None else ""
    return f"{prefix}::{written}" if prefix and written else prefix or written
