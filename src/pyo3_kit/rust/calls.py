"""What Rust calls: methods of receivers, and functions by their paths."""

from __future__ import annotations

from pyo3_kit.rust.tree import SyntaxNode
from pyo3_kit.rust.uses import plain_path


class _Latest:
    """A cache for the latest node: all rules ask the same about one node after the other."""

    method_of: SyntaxNode | None = None
    method: tuple[SyntaxNode, str, SyntaxNode | None] | None = None
    path_of: SyntaxNode | None = None
    path: str | None = None


def method_call(node: SyntaxNode) -> tuple[SyntaxNode, str, SyntaxNode | None] | None:
    """Of the call `receiver.name::<T>(…)`: receiver, name, and the node of `<T>`; None for another call."""
    if node is not _Latest.method_of:
        _Latest.method_of, _Latest.method = node, _method_call(node)
    return _Latest.method


def called_path(node: SyntaxNode) -> str | None:
    """Of the call `a::b::<T>(…)`: `a::b`; None for a method call."""
    if node is not _Latest.path_of:
        _Latest.path_of, _Latest.path = node, _called_path(node)
    return _Latest.path


def _method_call(node: SyntaxNode) -> tuple[SyntaxNode, str, SyntaxNode | None] | None:
    function = node.field("function")
    if function is None:
        return None
    turbofish = None
    if function.kind() == "generic_function":
        turbofish = function.field("type_arguments")
        function = function.field("function")
        if function is None:
            return None
    if function.kind() != "field_expression":
        return None
    receiver, name = function.field("value"), function.field("field")
    return (receiver, name.text(), turbofish) if receiver is not None and name is not None else None


def _called_path(node: SyntaxNode) -> str | None:
    function = node.field("function")
    if function is not None and function.kind() == "generic_function":
        function = function.field("function")
    if function is None or function.kind() not in ("identifier", "scoped_identifier"):
        return None
    return plain_path(function)
