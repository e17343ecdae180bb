"""PYO041."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.model import Finding, Fix, Safety
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path, method_call
from pyo3_kit.rust.tokens import split
from pyo3_kit.rust.tree import SyntaxNode, ancestor, arguments, span
from pyo3_kit.texts.edits import Edit

_CALLS = frozenset({"call", "call1", "call_method", "call_method1"})
_LONGEST = 12
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_GUESSING = frozenset({"as_ref", "collect", "default", "into", "parse", "try_into"})
_LITERALS = frozenset({"boolean_literal", "string_literal"})
_WHOLE_SUFFIX = re.compile(r"_*[iu](?:8|16|32|64|128|size)\Z")
_FLOAT_SUFFIX = re.compile(r"_*f(?:32|64)\Z")
_BASES = {"0b": 2, "0o": 8, "0x": 16}
_LARGEST = 2**31 - 1
"""The type of an integer literal without a suffix if nothing else determines it is `i32`."""


class PYO041(NodeRule):
    """A `PyTuple` that is built for a call.

    ## What it does

    Finds `PyTuple::new` of an array that is passed to `call`, `call1`, `call_method` or `call_method1`, directly or
    through a variable that is used for nothing else.

    ## Why

    PyO3 passes the items of a Rust tuple directly from the stack, using the vectorcall protocol. A `PyTuple` has to
    be allocated first and takes the slower path.

    ## Example

    ```rust
    callback.call1(PyTuple::new(py, [word, position])?)?;
    ```

    ## Use instead

    ```rust
    callback.call1((word, position))?;
    ```

    ## When not

    If the number of arguments is not known, or the same tuple is used for many calls.

    ## Fix

    Writes the items as a Rust tuple if each is a name, a field, a plain call, or a literal whose type does not
    depend on the other items: in an array, `[v, 0.1]` is of `f32` if `v` is, but the `0.1` of a tuple is an `f64`.
    """

    title = "`PyTuple` that is built for a call"
    fix = Safety.SAFE
    kinds = frozenset({"call_expression"})
    words = ("PyTuple",)
    since = (0, 23)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report a new tuple of known length among a call's arguments."""
        path = called_path(node)
        if path is None or not path.endswith(("PyTuple::new", "PyTuple::new_bound")):
            return
        given = arguments(node)
        items = _items(given[1]) if len(given) == 2 else None
        if not items or len(items) > _LONGEST:
            return
        outer = _whole(node)
        listed = outer.parent()
        if listed is None or not (_is_call(listed) or _serves_one_call(listed)):
            return
        way_out = "pass a Rust tuple: `(…,)`" if len(items) == 1 else "pass a Rust tuple: `(…, …)`"
        fixable = _is_call(listed) and file.version >= (0, 25)
        fix = _fix(outer, given[1], items) if fixable else None
        yield self.finding(
            file.path, span(node.field("function") or node), f"this `{path}` is built only for a call", way_out, fix
        )


def _items(node: SyntaxNode) -> list[str] | None:
    """The items of an array or a `vec![…]`; None if they cannot be determined."""
    if node.kind() == "reference_expression":
        value = node.field("value")
        return _items(value) if value else None
    text = node.text()
    if node.kind() == "macro_invocation" and not re.match(r"vec!\s*\[", text):
        return None
    if node.kind() not in ("array_expression", "macro_invocation"):
        return None
    inside = _inside(text)
    return None if ";" in inside else [inside[first:last].strip() for first, last in split(inside, 0, len(inside))]


def _inside(array: str) -> str:
    return array[array.index("[") + 1 : -1]


def _whole(node: SyntaxNode) -> SyntaxNode:
    """The enclosing expression that is still the same tuple: `&…?`, `.unwrap()`, `.as_ref()`."""
    while True:
        parent = node.parent()
        if parent is None:
            return node
        kind = parent.kind()
        if kind in ("try_expression", "reference_expression"):
            node = parent
            continue
        call = parent.parent() if kind == "field_expression" else None
        method = method_call(call) if call is not None and call.kind() == "call_expression" else None
        if call is None or method is None or method[1] not in ("unwrap", "expect"):
            return node
        node = call


def _is_call(listed: SyntaxNode) -> bool:
    """Whether these are the arguments of a Python call."""
    call = listed.parent() if listed.kind() == "arguments" else None
    method = method_call(call) if call is not None else None
    return method is not None and method[1] in _CALLS


def _serves_one_call(declaration: SyntaxNode) -> bool:
    """Whether a `let` stores the tuple for a single call, in the same block and outside of a loop."""
    name = declaration.field("pattern") if declaration.kind() == "let_declaration" else None
    block = declaration.parent()
    if name is None or name.kind() != "identifier" or block is None or block.kind() != "block":
        return False
    function = ancestor(declaration, "function_item", within=())
    if function is None or any(name.text() in macro.text() for macro in function.find_all(kind="macro_invocation")):
        return False
    uses = [
        one for one in function.find_all(kind="identifier") if one.text() == name.text() and span(one) != span(name)
    ]
    if len(uses) != 1 or not _is_call(_whole(uses[0]).parent() or declaration):
        return False
    loops = ("for_expression", "while_expression", "loop_expression", "closure_expression")
    around = ancestor(uses[0], *loops)
    return around is None or span(around).contains(span(declaration))


def _fix(outer: SyntaxNode, array: SyntaxNode, items: list[str]) -> Fix | None:
    if array.kind() == "array_expression":
        nodes = [child for child in array.children() if child.is_named()]
        floats = all(node.kind() == "float_literal" and not _FLOAT_SUFFIX.search(node.text()) for node in nodes)
        if not floats and not all(_plain(node) for node in nodes):
            return None
    elif array.kind() != "macro_invocation" or not all(_NAME.fullmatch(item) and item != "None" for item in items):
        # Macro arguments are only tokens, so only names and fields are accepted.
        return None
    inside = _inside(array.text()).strip().rstrip(",")
    return Fix((Edit(*span(outer), f"({inside},)" if len(items) == 1 else f"({inside})"),))


def _plain(item: SyntaxNode) -> bool:
    """Whether an item's type does not depend on the other items in the array."""
    kind = item.kind()
    if kind == "identifier":
        return item.text() != "None"
    if kind in ("field_expression", "self") or kind in _LITERALS:
        return True
    if kind in ("integer_literal", "float_literal"):
        return _is_of_itself(item.text())
    if kind in ("reference_expression", "try_expression"):
        inner = next((child for child in item.children() if child.is_named()), None)
        return inner is not None and inner.kind() != "mutable_specifier" and _plain(inner)
    call = method_call(item) if kind == "call_expression" else None
    return call is not None and call[1] not in _GUESSING and call[2] is None


def _is_of_itself(number: str) -> bool:
    """Whether a number means the same without the other items: it has a suffix, or fits an `i32`."""
    base = _BASES.get(number[:2], 10)
    if _WHOLE_SUFFIX.search(number) or (base == 10 and _FLOAT_SUFFIX.search(number)):
        return True
    digits = number[2 if base != 10 else 0 :].replace("_", "")
    return not set(digits) & {".", *("eE" if base == 10 else "")} and int(digits, base) <= _LARGEST
