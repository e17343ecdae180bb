"""Types as they are written in Rust."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyo3_kit.rust.tree import SyntaxNode, span
from pyo3_kit.texts.edits import Span


@dataclass(frozen=True, slots=True)
class Type:
    """A type as it is written.

    `Option<Vec<u8>>` has the name `Option` and the argument `Vec<u8>`; a reference has the name `&` or `&mut` and one
    argument, `[T]` and `[T; 3]` have the name `[]`, tuples `()`; all else has its text.
    """

    name: str
    text: str
    span: Span
    arguments: tuple[Type, ...] = ()

    @property
    def bare(self) -> Type:
        """The type behind its references."""
        return self.arguments[0].bare if self.name in ("&", "&mut") and self.arguments else self

    def every(self) -> Iterator[Type]:
        """The type and all in it."""
        yield self
        for argument in self.arguments:
            yield from argument.every()

    def mentions(self, *names: str) -> bool:
        """Whether one of these names is in it."""
        return any(part.name in names for part in self.every())


def read_type(node: SyntaxNode) -> Type:
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


def _types(node: SyntaxNode) -> Iterator[SyntaxNode]:
    for child in node.children():
        if child.is_named() and child.kind() not in ("lifetime", "line_comment", "block_comment", "integer_literal"):
            yield child


def _last(path: str) -> str:
    return path.rpartition("::")[2].strip()
