"""Where code goes if a check of a value fails: to an error that is raised, or on to something else."""

from __future__ import annotations

import re

from pyo3_kit.rust.calls import called_path, method_call
from pyo3_kit.rust.tree import SyntaxNode, arguments, is_comment

_RAISING = re.compile(
    r"Err|(?:\w+_)?(?:err|error|errors|raise|fail|failure|bail|panic|abort|invalid|unsupported|unexpected|mismatch)(?:_\w+)?"
    r"|unreachable|todo|unimplemented"
)
"""Functions and macros that raise, or that make an error to return."""

_WRAPPERS = frozenset({"Ready", "Some"})
_FORWARDING = frozenset(
    {"and_then", "as_deref", "as_ref", "cloned", "copied", "filter", "flatten", "into", "map", "map_err", "to_owned"}
)
_REPLACING = frozenset({"expect", "ok_or", "ok_or_else", "unwrap"})
_ASKING = re.compile(r"\.\s*(?:extract|(?:down)?cast\w*|is_instance_of|is_exact_instance_of)\b")
_ENDS = frozenset({"closure_expression", "function_item", "async_block"})
_LOOPS = frozenset({"for_expression", "while_expression", "loop_expression"})
_TRANSPARENT = frozenset({"else_clause", "expression_statement", "if_expression", "match_block", "unsafe_block"})


def raises(node: SyntaxNode | None) -> bool:
    """Whether a block or an expression ends in an error, without another check of a Python value before."""
    if node is None:
        return False
    kind = node.kind()
    if kind in ("block", "else_clause"):
        body = _statements(node)
        return bool(body) and raises(body[-1]) and not any(_ASKING.search(one.text()) for one in body[:-1])
    if kind in ("expression_statement", "return_expression", "try_expression", "parenthesized_expression"):
        inner = _statements(node)
        return bool(inner) and raises(inner[0])
    if kind == "unsafe_block":
        return raises(next((child for child in node.children() if child.kind() == "block"), None))
    if kind == "if_expression":
        condition, otherwise = node.field("condition"), node.field("alternative")
        asks = condition is None or _ASKING.search(condition.text()) is not None
        return not asks and raises(node.field("consequence")) and raises(otherwise)
    if kind == "match_expression":
        arms = match_arms(node)
        value = node.field("value")
        asks = value is None or _ASKING.search(value.text()) is not None
        return bool(arms) and not asks and all(raises(value) for _, value in arms)
    if kind == "macro_invocation":
        name = node.field("macro")
        return name is not None and _is_raising(name.text())
    return kind == "call_expression" and _calls_raising(node)


def is_replaced(chain: SyntaxNode) -> bool:
    """Whether an `Option` or `bool` about a failed check, the value of a node, becomes an error."""
    node = chain
    while True:
        parent = node.parent()
        if parent is None:
            return False
        kind = parent.kind()
        outer = parent.parent()
        call = method_call(outer) if kind == "field_expression" and outer is not None else None
        if call is not None and outer is not None and outer.kind() == "call_expression":
            if call[1] in _REPLACING:
                return True
            if call[1] not in _FORWARDING:
                return False
            node = outer
            continue
        if kind == "unary_expression" and parent.text().startswith("!"):
            return _fails_by(parent, failing=_is_negative(chain))
        return _fails_by(node, failing=not _is_negative(chain))


def failure_raises(owner: SyntaxNode) -> bool:
    """Whether the pattern of an `if let`, `let … else` or `match` that does not fit leads to an error.

    `owner` is the `let_condition`, `let_declaration` or `match_expression` that has the value.
    """
    kind = owner.kind()
    if kind == "let_declaration":
        return raises(owner.field("alternative"))
    if kind == "match_expression":
        others = [value for pattern, value in match_arms(owner) if pattern in ("_", "Err(_)", "Err(..)", "None")]
        return bool(others) and raises(others[-1])
    conditional = _conditional(owner)
    if conditional is None or conditional.kind() != "if_expression":
        return False
    pattern = owner.field("pattern")
    if pattern is not None and pattern.text().startswith("Err("):
        return raises(conditional.field("consequence"))
    otherwise = conditional.field("alternative")
    return raises(otherwise) if otherwise is not None else _raises_after(conditional)


def match_arms(node: SyntaxNode) -> list[tuple[str, SyntaxNode]]:
    """The arms of a `match`: pattern, with spaces and guards removed, and value."""
    body = node.field("body")
    found = []
    for arm in body.children() if body is not None else []:
        pattern, value = arm.field("pattern"), arm.field("value")
        if arm.kind() == "match_arm" and pattern is not None and value is not None:
            found.append(("".join(pattern.text().split()), value))
    return found


def _fails_by(value: SyntaxNode, *, failing: bool) -> bool:
    """Whether a condition, or the value of a `match`, leads to an error; `failing` if its failure is "false"."""
    owner = value.parent()
    if owner is None:
        return False
    if owner.kind() in ("let_condition", "let_declaration", "match_expression"):
        return failure_raises(owner)
    while owner.kind() in ("binary_expression", "let_chain", "parenthesized_expression"):
        outer = owner.parent()
        if outer is None:
            return False
        owner = outer
    if owner.kind() != "if_expression":
        return False
    if not failing:
        return raises(owner.field("consequence"))
    otherwise = owner.field("alternative")
    return raises(otherwise) if otherwise is not None else _raises_after(owner)


def _is_negative(chain: SyntaxNode) -> bool:
    call = method_call(chain) if chain.kind() == "call_expression" else None
    return call is not None and call[1] == "is_err"


def _conditional(condition: SyntaxNode) -> SyntaxNode | None:
    found = condition.parent()
    while found is not None and found.kind() in ("let_chain", "binary_expression", "parenthesized_expression"):
        found = found.parent()
    return found


def _raises_after(node: SyntaxNode) -> bool:
    """Whether what follows a statement raises."""
    while True:
        parent = node.parent()
        if parent is None or parent.kind() in _ENDS or parent.kind() in _LOOPS:
            return False
        kind = parent.kind()
        if kind == "block":
            later = [one for one in _statements(parent) if one.range().start.index >= node.range().end.index]
            if later:
                asked = any(_ASKING.search(one.text()) for one in later[:-1])
                return not asked and _is_straight(later[:-1]) and raises(later[-1])
        elif kind == "match_arm" or kind in _TRANSPARENT:
            pass
        else:
            return False
        node = parent


def _is_straight(statements: list[SyntaxNode]) -> bool:
    """Whether statements only prepare what follows."""
    return all(one.kind() in ("let_declaration", "macro_invocation", "use_declaration") for one in statements)


def _statements(node: SyntaxNode) -> list[SyntaxNode]:
    return [child for child in node.children() if child.is_named() and not is_comment(child)]


def _calls_raising(call: SyntaxNode) -> bool:
    method = method_call(call)
    if method is not None:
        return _is_raising(method[1]) or raises(method[0])
    path = called_path(call)
    if path is None:
        return False
    if path.rpartition("::")[2] in _WRAPPERS:
        given = arguments(call)
        return len(given) == 1 and raises(given[0])
    return _is_raising(path)


def _is_raising(path: str) -> bool:
    return _RAISING.fullmatch(path.rpartition("::")[2]) is not None
