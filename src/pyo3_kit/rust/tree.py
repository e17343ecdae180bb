"""Syntax trees of Rust, and of the other languages that ast-grep reads: the only module that knows ast-grep."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pyo3_kit.texts.edits import Span

if TYPE_CHECKING:
    from ast_grep_py import Config as AstGrepConfig
    from ast_grep_py import Rule, SgNode

SyntaxNode: TypeAlias = "SgNode"
Pattern: TypeAlias = "Rule"
"""What a node is searched for by: its kind, its text, its relations."""
Config: TypeAlias = "AstGrepConfig"
"""A whole rule of ast-grep, with constraints and transforms."""


def parse(text: str, language: str = "rust") -> SyntaxNode:
    """The root of the text's syntax tree."""
    from ast_grep_py import SgRoot

    return SgRoot(text, language).root()


def span(node: SyntaxNode) -> Span:
    """Where a node is in its text; a line comment without its line feed."""
    place = node.range()
    start, end = place.start.index, place.end.index
    if node.kind() == "line_comment" and node.text().endswith("\n"):
        end -= 1
    return Span(start, end)


def first_error(root: SyntaxNode) -> int | None:
    """The line (from 1) at which the text is no longer of its language; None when all of it is."""
    error = root.find(kind="ERROR")
    if error is not None:
        return error.range().start.line + 1
    stack = [root]
    while stack:
        node = stack.pop()
        inner = node.children()
        stack += inner
        # A token inserted by error recovery is empty.
        if not inner and not node.is_named() and node.range().start.index == node.range().end.index:
            return node.range().start.line + 1
    return None


def is_comment(node: SyntaxNode) -> bool:
    """Whether a node is a comment of any kind."""
    return "comment" in node.kind()


def arguments(call: SyntaxNode) -> list[SyntaxNode]:
    """The arguments of a call, without comments."""
    listed = call.field("arguments")
    return [child for child in listed.children() if child.is_named() and not is_comment(child)] if listed else []


def ancestor(node: SyntaxNode, *kinds: str, within: tuple[str, ...] = ("function_item",)) -> SyntaxNode | None:
    """The nearest node around this one of these kinds, searched no further than `within`."""
    parent = node.parent()
    while parent is not None:
        kind = parent.kind()
        if kind in kinds:
            return parent
        if kind in within:
            return None
        parent = parent.parent()
    return None
