"""Whether a function only reads a `String` parameter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyo3_kit.audit.items import Function
from pyo3_kit.audit.rules._attached import DETACHING, closures_around
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tokens import split, without_words
from pyo3_kit.rust.tree import Pattern, SyntaxNode, arguments, span
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
_LITERAL = re.compile(r'(?:\w+\s*=\s*)?r?#*"')
_INLINE = re.compile(r"map\w*|filter\w*|any|all|for_each|\w*or_else|and_then|inspect|is_none_or|is_some_and")
_COMPARES = frozenset({"==", "!="})
_KINDS = ("identifier", "macro_invocation", "shorthand_field_initializer", "shorthand_field_identifier")
_PATTERNS: list[Pattern] = [{"kind": kind} for kind in _KINDS]
_LOOKS = frozenset({"as_deref", "as_ref", "is_none", "is_some"})
"""Methods of `Option` that borrow what is in it."""

_BY_CLOSURE = frozenset({"and_then", "filter", "is_none_or", "is_some_and", "inspect", "map", "map_or", "map_or_else"})
"""Methods of `Option` whose last closure gets what is in it."""


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
    return _read_in(body, name) if body is not None else None


def only_reads_option(function: Function, name: str, file: RustFile) -> bool:
    """Whether a function only reads the text in its parameter, an `Option<String>`."""
    body = file.node_of(function).field("body")
    if body is None or _is_shadowed_by_let(body, name):
        return False
    uses = [node for node in body.find_all(any=_PATTERNS) if _is_use(node, name, body)]
    return bool(uses) and all(node.kind() == "identifier" and _stays(node) and _reads_option(node) for node in uses)


def _read_in(body: SyntaxNode, name: str) -> Reading | None:
    """How a block or an expression reads a name."""
    if _is_shadowed_by_let(body, name):
        return None
    edits: list[Edit] = []
    uses, as_it_stands = 0, True
    for node in (body, *body.find_all(any=_PATTERNS)):
        if node.kind() == "macro_invocation":
            named = _in_macro(node, name)
            if named is None or (named and not _stays(node)):
                return None
            uses += named
            continue
        if not _is_use(node, name, body):
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


def _is_shadowed_by_let(body: SyntaxNode, name: str) -> bool:
    return re.search(rf"\blet\s+(?:mut\s+)?{name}\b", body.text()) is not None


def _is_use(node: SyntaxNode, name: str, body: SyntaxNode) -> bool:
    """Whether a node is the name, and not one of the same name that something inside `body` binds."""
    if node.text() != name or node.kind() == "macro_invocation" or _in_tokens(node):
        return False
    outer, end = node.parent(), span(body)
    while outer is not None and span(outer) != end and end.contains(span(outer)):
        kind = outer.kind()
        pattern = outer.field("parameters" if kind == "closure_expression" else "pattern")
        if kind in ("closure_expression", "for_expression", "match_arm") and _binds(pattern, name):
            return False
        if kind == "if_expression" and (condition := outer.field("condition")) is not None:
            inside = outer.field("consequence")
            bound = any(_binds(one.field("pattern"), name) for one in _conditions(condition))
            if bound and (
                _within(node, inside) or any(_within(node, one.field("pattern")) for one in _conditions(condition))
            ):
                return False
        outer = outer.parent()
    return True


def _conditions(node: SyntaxNode) -> list[SyntaxNode]:
    return [one for one in (node, *node.children()) if one.kind() == "let_condition"]


def _binds(pattern: SyntaxNode | None, name: str) -> bool:
    return pattern is not None and re.search(rf"(?<![\w.]){name}\b", pattern.text()) is not None


def _within(node: SyntaxNode, outer: SyntaxNode | None) -> bool:
    return outer is not None and span(outer).contains(span(node))


def _reads_option(node: SyntaxNode) -> bool:
    """Whether a use of an `Option<String>` only reads what is in it."""
    parent = node.parent()
    if (
        parent is not None
        and parent.kind() == "reference_expression"
        and "mut" not in parent.text().split(node.text())[0]
    ):
        node, parent = parent, parent.parent()
    if parent is None:
        return False
    kind = parent.kind()
    if kind == "let_condition":
        conditional = parent.parent()
        while conditional is not None and conditional.kind() == "let_chain":
            conditional = conditional.parent()
        inside = conditional.field("consequence") if conditional is not None else None
        return inside is not None and _reads_some(parent.field("pattern"), inside)
    if kind == "match_expression":
        body = parent.field("body")
        arms = [arm for arm in body.children() if arm.kind() == "match_arm"] if body is not None else []
        return bool(arms) and all(_reads_arm(arm) for arm in arms)
    call = parent.parent() if kind == "field_expression" else None
    method = method_call(call) if call is not None and call.kind() == "call_expression" else None
    if call is None or method is None or span(method[0]) != span(node):
        return False
    if method[1] in _LOOKS:
        return True
    closures = [one for one in arguments(call) if one.kind() == "closure_expression"]
    return method[1] in _BY_CLOSURE and bool(closures) and _reads_closure(closures[-1])


def _reads_arm(arm: SyntaxNode) -> bool:
    """Whether an arm of a `match` only reads what its pattern binds."""
    pattern, value = arm.field("pattern"), arm.field("value")
    if pattern is None or value is None:
        return False
    bound = next((child for child in pattern.children() if child.is_named()), pattern)
    return pattern.text().partition(" if ")[0] in ("None", "_") or _reads_some(bound, value)


def _reads_some(pattern: SyntaxNode | None, inside: SyntaxNode) -> bool:
    named = re.fullmatch(r"Some\s*\(\s*(?:ref\s+)?(\w+)\s*\)", pattern.text()) if pattern is not None else None
    if named is None:
        return False
    return named[1] == "_" or (_read_in(inside, named[1]) is not None)


def _reads_closure(closure: SyntaxNode) -> bool:
    parameters, body = closure.field("parameters"), closure.field("body")
    named = re.fullmatch(r"\|\s*(\w+)\s*\|", parameters.text()) if parameters is not None else None
    return named is not None and body is not None and (named[1] == "_" or _read_in(body, named[1]) is not None)


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
    called = node.field("macro")
    formats = called is not None and called.text().rpartition("::")[2] in _FORMATS
    inline = re.compile(rf"\{{{name}(?:[:!][^{{}}]*)?\}}")
    opening = re.search(r"[(\[{]", text)
    pieces = [text[first:last].strip() for first, last in split(text, opening.end(), len(text) - 1)] if opening else []
    named = sum(len(inline.findall(piece)) for piece in pieces if formats and _LITERAL.match(piece))
    count = named + len(re.findall(rf"(?<![\w.]){name}\b", without_words(text)))
    if not count:
        return 0
    if not formats:
        return None
    if _in_tokens(node):
        return 0
    read = re.compile(rf"(?:\w+\s*=\s*)?(?:&\s*)*{name}(?:\.(?:{_OF_STR.pattern})\([^(){{}}]*\))*")
    plain = named + sum(1 for piece in pieces if read.fullmatch(piece))
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
