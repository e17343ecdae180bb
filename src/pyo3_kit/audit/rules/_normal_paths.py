"""Whether a failed `extract` is as normal as a successful one: the code continues with the same object."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.rules._failures import match_arms
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tree import SyntaxNode, ancestor, is_comment, span

_OPERATOR = re.compile(
    r"__(?:eq|ne|lt|le|gt|ge|richcmp|contains|[ri]?(?:add|sub|mul|matmul|truediv|floordiv|mod|pow|and|or|xor))__"
)
_PROBE = re.compile(r"(?:as|is|can|try|maybe|to|get|has)_\w+")
_QUESTION = r"\s*\.\s*(?:bind\(\w+\)\s*\.\s*)?(?:extract|(?:down)?cast\w*|is_instance_of|is_exact_instance_of)\b"
_OTHERS = frozenset({"_", "Err(_)", "Err(..)", "None"})
_BLOCKS = ("block", "match_block", "function_item", "closure_expression")
_DEFAULT = re.compile(
    r"(?:Ok|Some|Err)\((?:[\w:.]+|\(\)|-?[\d.]+|\".*\")?\)|(?:\w+::)*(?:default|new|empty)\(\)"
    r"|\".*\"\.(?:to_string|into|to_owned)\(\)|String::from\(\".*\"\)|vec!\[\]|py\.\w+\(\)|.*\.clone\(\)"
)
_LEAVES = frozenset({"return_expression", "break_expression", "continue_expression"})
_ALTERNATIVES = frozenset({"or", "or_else", "unwrap_or_else", "map_or_else"})


def is_normal_path(node: SyntaxNode, receiver: SyntaxNode, file: RustFile) -> bool:
    """Whether the failure of an `extract` whose error is dropped is expected, judging by what follows it."""
    function = file.function_at(span(node))
    if function is not None and _OPERATOR.fullmatch(function.name):
        return True
    parent = node.parent()
    outer = parent.parent() if parent is not None and parent.kind() == "field_expression" else None
    call = method_call(outer) if outer is not None and outer.kind() == "call_expression" else None
    if call is not None and call[1] in ("is_ok", "is_err"):
        return True
    value = outer if call is not None and outer is not None else node
    if _is_probe(value) or any(map(_does_something, _otherwise(value))):
        return True
    name = _name(receiver)
    if not name:
        return False
    if any(_mentions(part, name) for part in _failure_path(value)):
        return True
    if call is not None and outer is not None and function is not None:
        body = file.node_of(function).field("body")
        alone = body is not None and [span(one) for one in _statements(body)] == [span(outer)]
        return call[1] == "ok" and alone and _PROBE.fullmatch(function.name) is not None
    return False


def _name(receiver: SyntaxNode) -> str:
    """The receiver, if it can be named again: a variable, or a field of one."""
    while receiver.kind() in ("parenthesized_expression", "reference_expression"):
        receiver = next(child for child in receiver.children() if child.is_named())
    return receiver.text() if receiver.kind() in ("identifier", "self", "field_expression") else ""


def _mentions(part: SyntaxNode, name: str) -> bool:
    """Whether code continues with an object; of `self` and fields, whether it asks for another type."""
    plain = name.isidentifier() and name != "self"
    return (
        re.search(rf"(?<![\w.]){re.escape(name)}" + (r"\b(?!\s*:[^:])" if plain else _QUESTION), part.text())
        is not None
    )


def _is_probe(value: SyntaxNode) -> bool:
    """Whether the extracted value is not used: `if let Ok(_) = …`."""
    owner = value.parent()
    if owner is None:
        return False
    if owner.kind() == "match_expression":
        return any(re.fullmatch(r"(?:Ok|Some)\(_\w*\)", pattern) for pattern, _ in match_arms(owner))
    pattern = owner.field("pattern") if owner.kind() in ("let_condition", "let_declaration") else None
    return pattern is not None and re.fullmatch(r"(?:Ok|Some)\(\s*_\w*\s*\)", pattern.text()) is not None


def _otherwise(value: SyntaxNode) -> Iterator[SyntaxNode]:
    """The code that is written for a failure: the `else` of an `if let`, the other arm of a `match`."""
    owner = value.parent()
    if owner is None:
        return
    if owner.kind() == "match_expression":
        yield from (arm for pattern, arm in match_arms(owner) if pattern in _OTHERS)
    elif (
        owner.kind() == "let_condition"
        and (conditional := ancestor(value, "if_expression", within=_BLOCKS)) is not None
    ):
        pattern = owner.field("pattern")
        negative = pattern is not None and pattern.text().startswith("Err")
        if (otherwise := conditional.field("consequence" if negative else "alternative")) is not None:
            yield otherwise


def _does_something(otherwise: SyntaxNode) -> bool:
    """Whether code for a failure is more than a default."""
    while otherwise.kind() in (
        "else_clause",
        "block",
        "expression_statement",
        "return_expression",
        "reference_expression",
    ):
        inner = _statements(otherwise)
        if len(inner) != 1:
            return bool(inner)
        otherwise = inner[0]
    if otherwise.kind() in ("call_expression", "macro_invocation"):
        return _DEFAULT.fullmatch("".join(otherwise.text().split())) is None
    return otherwise.kind() in ("if_expression", "match_expression")


def _failure_path(value: SyntaxNode) -> Iterator[SyntaxNode]:
    """The code that runs if a value is not there, and the earlier questions of the same chain."""
    owner = value.parent()
    while owner is not None and owner.kind() == "field_expression" and (chained := owner.parent()) is not None:
        # `.ok().or_else(|| …)`
        call = method_call(chained) if chained.kind() == "call_expression" else None
        if call is None:
            return
        if call[1] in _ALTERNATIVES and (given := chained.field("arguments")) is not None:
            yield given
        value, owner = chained, chained.parent()
    if owner is None:
        return
    if owner.kind() == "match_expression":
        yield from (arm for pattern, arm in match_arms(owner) if pattern in _OTHERS)
        return
    if owner.kind() == "let_declaration":
        if (otherwise := owner.field("alternative")) is not None:
            yield otherwise
        else:
            yield from _questions_after(owner)
        return
    conditional = ancestor(
        value, "if_expression", within=("block", "match_block", "function_item", "closure_expression")
    )
    if conditional is None:
        return
    otherwise = conditional.field("alternative")
    if otherwise is not None:
        yield otherwise
    outer = conditional
    while (
        (clause := outer.parent()) is not None
        and clause.kind() == "else_clause"
        and (above := clause.parent()) is not None
    ):
        outer = above
        if (asked := outer.field("condition")) is not None:
            yield asked
    if otherwise is None and _leaves(conditional.field("consequence")):
        yield from _after(outer)


def _questions_after(declaration: SyntaxNode) -> Iterator[SyntaxNode]:
    """The declarations and conditions after a `let` in its block."""
    for one in _after(declaration):
        condition = one.find(any=[{"kind": "let_condition"}, {"kind": "let_declaration"}])
        if condition is not None and re.search(_QUESTION, condition.text()):
            yield condition


def _after(node: SyntaxNode) -> Iterator[SyntaxNode]:
    """The statements after one in its block, and in the blocks around."""
    while (parent := node.parent()) is not None and parent.kind() not in ("function_item", "closure_expression"):
        if parent.kind() == "block":
            yield from (one for one in _statements(parent) if span(one).start >= span(node).end)
        node = parent


def _leaves(block: SyntaxNode | None) -> bool:
    statements = _statements(block) if block is not None else []
    if not statements:
        return False
    last = statements[-1]
    if last.kind() == "expression_statement":
        last = _statements(last)[0]
    return last.kind() in _LEAVES


def _statements(node: SyntaxNode) -> list[SyntaxNode]:
    return [child for child in node.children() if child.is_named() and not is_comment(child)]
