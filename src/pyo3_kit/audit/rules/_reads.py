"""Whether a function only reads a `String` parameter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyo3_kit.audit.items import Function
from pyo3_kit.audit.rules._attached import DETACHING, closures_around
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tokens import split
from pyo3_kit.rust.tree import SyntaxNode, arguments, span
from pyo3_kit.texts.edits import Edit

_OF_STR = re.compile(
    r"as_bytes|as_ptr|as_str|bytes|char_indices|chars|contains|ends_with|eq_ignore_ascii_case|find|is_ascii|"
    r"is_char_boundary|is_empty|len|lines|matches|parse|replace|replacen|rfind|rmatches|rsplit|rsplit_once|rsplitn|"
    r"split|split_ascii_whitespace|split_at|split_inclusive|split_once|split_terminator|split_whitespace|splitn|"
    r"starts_with|strip_prefix|strip_suffix|to_ascii_lowercase|to_ascii_uppercase|to_lowercase|to_owned|to_string|"
    r"to_uppercase|trim|trim_end|trim_end_matches|trim_matches|trim_start|trim_start_matches"
)
"""Methods of `str`: they borrow a `String` as well as a `&str`."""

_OWNED = frozenset({"as_ref", "borrow", "capacity", "clone", "deref"})
"""Methods that borrow a `String`, but differ for a `&str`."""

_FORMATS = frozenset(
    {"format", "format_args", "print", "println", "eprint", "eprintln", "write", "writeln", "panic"}
    | {"trace", "debug", "info", "warn", "error"}
)
_INLINE = re.compile(r"map\w*|filter\w*|any|all|for_each|\w*or_else|and_then")
_COMPARES = frozenset({"==", "!="})
_KINDS = ("identifier", "macro_invocation", "shorthand_field_initializer", "shorthand_field_identifier")


@dataclass(frozen=True)
class Reading:
    """How a function reads a parameter: how often, and whether it compiles with a `&str` instead."""

    uses: int
    as_it_stands: bool
    edits: tuple[Edit, ...] = ()
    """The edits needed for a `&str`."""


def only_reads(function: Function, name: str, file: RustFile) -> Reading | None:
    """How a function reads its parameter; None if it may do more than read it, or does not use it."""
    body = file.node_of(function).field("body")
    if body is None or re.search(rf"\blet\s+(?:mut\s+)?{name}\b", body.text()):
        return None
    edits: list[Edit] = []
    uses, as_it_stands = 0, True
    for node in body.find_all(any=[{"kind": kind} for kind in _KINDS]):
        if node.kind() == "macro_invocation":
            named = _in_macro(node, name)
            if named is None or (named and not _stays(node)):
                return None
            uses += named
            continue
        if node.text() != name or _in_tokens(node):
            continue
        if node.kind() != "identifier" or not _stays(node):
            return None
        use = _use(node)
        if use is None:
            return None
        uses += 1
        as_it_stands = as_it_stands and use[0]
        edits += use[1]
    return Reading(uses, as_it_stands, tuple(edits)) if uses else None


def _use(node: SyntaxNode) -> tuple[bool, tuple[Edit, ...]] | None:
    """Whether a use also compiles with a `&str`, with the necessary edits; None if it is not a read."""
    parent = node.parent()
    if parent is None:
        return None
    kind = parent.kind()
    if kind == "reference_expression":
        return None if "mut" in parent.text().split(node.text())[0] else (False, ())
    if kind == "binary_expression":
        operator = parent.field("operator")
        sides = (parent.field("left"), parent.field("right"))
        literal = any(side is not None and side.kind() == "string_literal" for side in sides)
        return (literal, ()) if operator is not None and operator.text() in _COMPARES else None
    if kind != "field_expression":
        return None
    call = parent.parent()
    if call is not None and call.kind() == "generic_function":
        call = call.parent()
    found = method_call(call) if call is not None and call.kind() == "call_expression" else None
    if call is None or found is None or span(found[0]) != span(node):
        return None
    if found[1] == "as_str" and not arguments(call):
        return True, (Edit(*span(call), node.text()),)
    if _OF_STR.fullmatch(found[1]):
        return True, ()
    return (False, ()) if found[1] in _OWNED else None


def _in_macro(node: SyntaxNode, name: str) -> int | None:
    """How often a macro mentions the parameter; None if the macro may do more than read its arguments."""
    text = node.text()
    count = len(re.findall(rf"(?<![\w.]){name}\b", text))
    if not count:
        return 0
    called = node.field("macro")
    if called is None or called.text().rpartition("::")[2] not in _FORMATS:
        return None
    if _in_tokens(node):
        return 0
    opening = re.search(r"[(\[{]", text)
    if opening is None:
        return None
    plain = 0
    for start, end in split(text, opening.end(), len(text) - 1):
        piece = text[start:end].strip()
        if piece.startswith('"'):
            plain += len(re.findall(rf"\{{{name}(?:[:!][^{{}}]*)?\}}", piece))
        elif re.fullmatch(rf"(?:\w+\s*=\s*)?{name}", piece):
            plain += 1
    # Any other mention is an expression that was not analysed.
    return count if plain == count else None


def _in_tokens(node: SyntaxNode) -> bool:
    """Whether a node is among the tokens of a macro."""
    parent = node.parent()
    return parent is not None and parent.kind() == "token_tree"


def _stays(node: SyntaxNode) -> bool:
    """Whether a use ends before the function returns: not in a future or a closure that may outlive it."""
    for closure, call in closures_around(node):
        if closure.kind() == "async_block":
            return False
        method = method_call(call) if call is not None else None
        if closure.text().lstrip().startswith("move") or method is None:
            return False
        if method[1] not in DETACHING and not _INLINE.fullmatch(method[1]):
            return False
    return True
