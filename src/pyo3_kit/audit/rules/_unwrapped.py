"""Where a value that is unwrapped comes from: from outside, or from the project's own code that knows it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.items import Function
from pyo3_kit.audit.rules._attached import root_of
from pyo3_kit.audit.rules._flow import binding_of
from pyo3_kit.audit.rules._outside import asks_outside, handed_in, parameters_from_python
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path, method_call
from pyo3_kit.rust.tree import SyntaxNode, span

_CONDITION = re.compile(r"\b(?:if|while|match)\b([^{;]*)\{")
_CONTENT = re.compile(
    r"parse|next|next_back|nth|first|last|find|rfind|position|strip_(?:prefix|suffix)|r?split_once|split_first|split_last|"
    r"to_str|into_string|from_utf8|from_str|from_str_radix|from_hex|decode|max|min|max_by(?:_key)?|min_by(?:_key)?|get|pop|to_digit"
)
"""Methods and functions that fail by what is in a text or a collection."""

_BY_LENGTH = re.compile(
    r"next|next_back|nth|first|last|split_first|split_last|max|min|max_by(?:_key)?|min_by(?:_key)?|get|pop|reduce|chunks"
)
"""Those of them that a check of the length excuses."""

_PARSED = re.compile(
    r"[iu](?:8|16|32|64|128|size)|f32|f64|bool|char|NonZero\w*|Ip(?:v4|v6)?Addr|SocketAddr(?:V4|V6)?|Uuid|Url|Version|"
    r"BigU?[Ii]nt|Decimal|(?:Naive)?DateTime|NaiveDate|NaiveTime"
)
"""Types that not every text can be parsed to; other types may be."""

_SERIALISING = re.compile(r"serde_json::(?:to_\w+|json)")
_ASSERTED = re.compile(r"\b(?:debug_)?assert\w*!\s*\(([^;]*)\)|\bfilter\w*\(\s*\|[^|]*\|([^;]*)")
_FURTHEST = 6
"""Bindings that are followed from a value to its origin."""


def is_checked_before(receiver: SyntaxNode, function: Function, file: RustFile) -> bool:
    """Whether a condition checks the value before: its `is_some`, or `is_empty` or `len` of its root."""
    if function.body is None:
        return False
    asked = _plain(receiver)
    node: SyntaxNode | None = receiver
    while node is not None:
        call = method_call(node) if node.kind() == "call_expression" else None
        if call is None:
            break
        node = call[0]
    root = _plain(node) if node is not None else asked
    if root == "self":
        root = asked
    text = _conditions(receiver, function, file)
    last = method_call(receiver) if receiver.kind() == "call_expression" else None
    by_length = last is None or _BY_LENGTH.fullmatch(last[1]) is not None or last[1] not in ("parse", "to_str")
    checks = "is_some|is_none|is_ok|is_err|contains_key" + ("|is_empty|len" if by_length else "")
    return any(re.search(rf"(?<![\w.]){re.escape(name)}\.(?:{checks})\(", text) for name in {asked, root})


def _conditions(receiver: SyntaxNode, function: Function, file: RustFile) -> str:
    """The conditions and assertions of a function before a place, without spaces around dots."""
    if function.body is None:
        return ""
    start, end = function.body.start, span(receiver).start
    parts = [*_CONDITION.findall(file.text, start, end)]
    parts += [found[1] or found[2] for found in _ASSERTED.finditer(file.text, start, end)]
    # `a.is_some() && a.unwrap() > 1`
    parts += [
        one
        for one in re.split(r"[;{}]|=>", file.text[start:end])[-1:]
        if re.search(r"&&|\|\||\bif\b|\bwhile\b", one) is not None
    ]
    return re.sub(r"\s*\.\s*", ".", " ".join(parts))


def comes_from_outside(receiver: SyntaxNode, function: Function, file: RustFile) -> bool:
    """Whether a value that is unwrapped depends on a Python object, the system or an unchecked parameter."""
    call = method_call(receiver) if receiver.kind() == "call_expression" else None
    path = called_path(receiver) if receiver.kind() == "call_expression" else None
    if path is not None and _SERIALISING.fullmatch(file.full(path)):
        return False
    if call is not None and call[1] == "parse" and not _PARSED.fullmatch(_parsed_type(receiver, call[2], function)):
        # What the text is parsed to may take every text.
        return False
    if call is not None and call[0].kind() == "self" and not _CONTENT.fullmatch(call[1]):
        # A method of the project's own.
        return False
    if asks_outside(receiver, file):
        return not _is_own(receiver, file)
    return _unasked(receiver, function, file) or _is_derived(receiver, function, file)


def _parsed_type(receiver: SyntaxNode, turbofish: SyntaxNode | None, function: Function) -> str:
    """The type that a text is parsed to; "" where it is not written."""
    if turbofish is not None:
        return turbofish.text()[1:-1].strip().rpartition("::")[2]
    outer = receiver.parent()
    while outer is not None and outer.kind() in ("field_expression", "call_expression", "try_expression"):
        outer = outer.parent()
    if outer is None:
        return ""
    if outer.kind() == "let_declaration":
        annotation = outer.field("type")
        return annotation.text().rpartition("::")[2] if annotation is not None else ""
    is_tail = outer.kind() == "block" and function.body is not None and span(outer) == function.body
    return function.returns.text.rpartition("::")[2] if is_tail and function.returns is not None else ""


def _is_own(receiver: SyntaxNode, file: RustFile) -> bool:
    """Whether a Python object was made by the project's own code, which knows its type."""
    node = receiver
    for _ in range(_FURTHEST):
        root = root_of(node)
        if any(map(_is_python, _calls_between(node, root))):
            return False
        path = called_path(root) if root.kind() == "call_expression" else None
        if path is not None:
            return not asks_outside(root, file)
        if root.kind() != "identifier":
            return False
        bound = binding_of(root.text(), root)
        if bound.value is None or span(bound.value).contains(span(root)):
            return False
        node = bound.value
    return False


def _calls_between(node: SyntaxNode, root: SyntaxNode) -> Iterator[str]:
    """The methods from the end of a chain down to its root."""
    while span(node) != span(root):
        call = method_call(node) if node.kind() == "call_expression" else None
        if call is not None:
            yield call[1]
            node = call[0]
            continue
        inner = node.field("value") or next((child for child in node.children() if child.is_named()), None)
        if inner is None:
            return
        node = inner


def _is_python(method: str) -> bool:
    """Whether a method of an object gives another object, of any type."""
    return re.fullmatch(r"call[01]?|call_method[01]?|get_item|getattr|import", method) is not None


def _unasked(receiver: SyntaxNode, function: Function, file: RustFile) -> bool:
    """Whether a value is computed from parameters one of which no condition has checked before."""
    handed = {name for name in handed_in(receiver, function, file) if _is_parameter(name, receiver)}
    call = method_call(receiver) if receiver.kind() == "call_expression" else None
    if not handed or (call is not None and call[1] == "parse"):
        return bool(handed)
    conditions = _conditions(receiver, function, file)
    return not all(re.search(rf"(?<![\w.]){name}\b", conditions) for name in handed)


def _is_parameter(name: str, node: SyntaxNode) -> bool:
    """Whether a name is a parameter, or what a `let` of the same name made of it."""
    for _ in range(_FURTHEST):
        bound = binding_of(name, node)
        if bound.value is None:
            return bound.known
        node = root_of(bound.value)
        if node.text() != name:
            return False
    return False


def _is_derived(receiver: SyntaxNode, function: Function, file: RustFile) -> bool:
    """Whether a value's content fails by what a parameter holds, reached through bindings that nothing checks."""
    call = method_call(receiver) if receiver.kind() == "call_expression" else None
    if receiver.kind() != "identifier" and (call is None or not _CONTENT.fullmatch(call[1])):
        return False
    parameters = parameters_from_python(function, file)
    checked = _conditions(receiver, function, file)
    node, root = receiver, root_of(receiver)
    for _ in range(_FURTHEST):
        if root.kind() == "index_expression":
            root = root_of(next(child for child in root.children() if child.is_named()))
        if root.kind() != "identifier":
            return False
        name = root.text()
        is_checked = re.search(rf"(?<![\w.]){name}\b", checked) is not None
        if is_checked and not (call is not None and call[1] == "parse"):
            return False
        bound = binding_of(name, root)
        if bound.value is None:
            return bound.known and name in parameters and span(node) != span(receiver)
        if span(bound.value).contains(span(root)):
            return False
        node, root = bound.value, root_of(bound.value)
    return False


def _plain(node: SyntaxNode) -> str:
    """A value's text without spaces and without calls that only forward it."""
    return re.sub(
        r"(?:\.(?:as_ref|as_mut|as_deref|clone|take|borrow|borrow_mut)\(\))+$", "", "".join(node.text().split())
    )
