"""Where a name gets its value from, within one function."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tree import SyntaxNode, is_comment, span

_WRAPPERS = ("let_chain", "binary_expression", "parenthesized_expression")


@dataclass(frozen=True)
class Binding:
    """What binds a name: `value` is the expression that it is taken from, None for a parameter of the function.

    `known` is False for a name that nothing in the function binds, and for a closure's parameter of unknown origin.
    """

    value: SyntaxNode | None
    known: bool = True


def binding_of(name: str, node: SyntaxNode) -> Binding:
    """What binds a name at a node: a parameter, a `let`, a loop, a pattern, or a closure of a method call."""
    inner, outer = node, node.parent()
    while outer is not None:
        kind = outer.kind()
        found: Binding | None = None
        if kind == "closure_expression" and _binds(outer.field("parameters"), name):
            found = _of_closure(outer)
        elif kind == "for_expression" and _is_in(inner, outer.field("body")) and _binds(outer.field("pattern"), name):
            found = Binding(outer.field("value"))
        elif kind == "match_arm" and _is_in(inner, outer.field("value")) and _binds(outer.field("pattern"), name):
            found = _of_match(outer)
        elif kind in ("if_expression", "while_expression") and _is_in(
            inner, outer.field("consequence") or outer.field("body")
        ):
            found = _of_condition(outer.field("condition"), name)
        elif kind == "block":
            found = _of_block(outer, inner, name)
        elif kind == "function_item":
            return Binding(None, known=_binds(outer.field("parameters"), name))
        if found is not None:
            return found
        inner, outer = outer, outer.parent()
    return Binding(None, known=False)


def _of_closure(closure: SyntaxNode) -> Binding:
    listed = closure.parent()
    call = listed.parent() if listed is not None and listed.kind() == "arguments" else None
    method = method_call(call) if call is not None and call.kind() == "call_expression" else None
    return Binding(method[0]) if method is not None else Binding(None, known=False)


def _of_match(arm: SyntaxNode) -> Binding | None:
    body = arm.parent()
    match = body.parent() if body is not None else None
    return Binding(match.field("value")) if match is not None and match.kind() == "match_expression" else None


def _of_condition(condition: SyntaxNode | None, name: str) -> Binding | None:
    if condition is None:
        return None
    if condition.kind() == "let_condition" and _binds(condition.field("pattern"), name):
        return Binding(condition.field("value"))
    parts = condition.children() if condition.kind() in _WRAPPERS else []
    return next((found for part in parts if (found := _of_condition(part, name)) is not None), None)


def _of_block(block: SyntaxNode, inner: SyntaxNode, name: str) -> Binding | None:
    """The last `let` of a name before a statement of the block."""
    start = span(inner).start
    found = None
    for one in block.children():
        if span(one).start >= start:
            break
        if one.kind() == "let_declaration" and not is_comment(one) and _binds(one.field("pattern"), name):
            found = Binding(one.field("value"))
    return found


def _binds(pattern: SyntaxNode | None, name: str) -> bool:
    return (
        pattern is not None and re.search(rf"(?<![\w.]){re.escape(name)}\b(?!\s*(?:::|\())", pattern.text()) is not None
    )


def _is_in(node: SyntaxNode, outer: SyntaxNode | None) -> bool:
    return outer is not None and span(outer).contains(span(node))
