"""PYO061."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.items import Function, Parameter
from pyo3_kit.audit.model import Confidence, Finding, Fix, Safety
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import FunctionRule
from pyo3_kit.audit.rules._attached import DETACHING, closures_around
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tree import SyntaxNode
from pyo3_kit.rust.types import Type
from pyo3_kit.texts.edits import Edit

_OF_SLICES = re.compile(
    r"chunks|chunks_exact|contains|ends_with|eq_ignore_ascii_case|first|get|is_ascii|is_empty|iter|last|len|repeat|"
    r"rchunks|split_at|split_first|split_last|starts_with|to_ascii_lowercase|to_ascii_uppercase|to_vec|windows"
)
_NUMBERS = re.compile(
    r"(?i)shape|dims?|axes|axis|levels?|ind(?:ex(?:es)?|ices)|ids?|weights?|digits?|ports?|counts?|colou?rs?|rgba?|"
    r"strides?|values|numbers|ranks?|flags|permutation|order|octets|scores|qualities|quals?|bits?|bit_?strings?|"
    r"(?:qu)?bits|masks?|labels|classes|types|kinds|positions|offsets|lengths|sizes|coords?|choices|moves|steps"
)
_SHORT = re.compile(r"(?:\w+_)?\w*(?:key|seed|nonce|salt|hash|digest|signature|sig|iv|token|uuid|address)")
_SOME = re.compile(r"Some\((?:mut )?(\w+)\)")
_LENT = re.compile(r"&(?!\s*')|'_")
_HIDDEN_LIFETIMES = ("Bound", "Borrowed", "PyRef", "PyRefMut", "Cow", "Python")


class PYO061(FunctionRule):
    """A `Vec<u8>` parameter.

    ## What it does

    Finds parameters of type `Vec<u8>` or `Option<Vec<u8>>` in functions that Python calls. Parameters whose names
    suggest numbers (`shape`, `levels`, `rgb`, `bitstring`) are not reported.

    ## Why

    Every call copies the bytes; before 0.27, one by one. `&[u8]` borrows from the `bytes` object: the larger it is, the
    more that saves. For other buffers, a `PyBuffer` copies all bytes at once.

    ## Example

    ```rust
    #[pyfunction]
    fn checksum(data: Vec<u8>) -> u32 {
        data.iter().map(|&byte| u32::from(byte)).sum()
    }
    ```

    ## Use instead

    ```rust
    #[pyfunction]
    fn checksum(data: &[u8]) -> u32 {
        data.iter().map(|&byte| u32::from(byte)).sum()
    }
    ```

    `PyBackedBytes` can be kept and sent to other threads; `PyBuffer<u8>` takes every buffer.

    ## When not

    If the parameter is meant to be a list of small numbers, or if the function needs its own bytes to change or
    keep.

    ## Fix

    Changes the type to `&[u8]` if the body only reads the parameter. Unsafe, because `&[u8]` accepts only `bytes`.
    """

    title = "`Vec<u8>` parameter"
    confidence = Confidence.MEDIUM
    fix = Safety.UNSAFE

    def check(self, function: Function, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report byte parameters that are copied at every call."""
        for parameter in function.parameters:
            inner = parameter.type
            if inner.name == "Option" and len(inner.arguments) == 1:
                inner = inner.arguments[0]
            if not _is_bytes(inner) or _NUMBERS.fullmatch(parameter.name.rpartition("_")[2]):
                continue
            if any("from_py_with" in one.options for one in parameter.attributes):
                continue
            if _moved_on(function, parameter, file):
                continue
            yield self.finding(
                file.path,
                parameter.type.span,
                f"every call copies the bytes of `{parameter.name}`",
                "take `PyBackedBytes`" if function.is_async else "take `&[u8]`, `PyBackedBytes` or a `PyBuffer<u8>`",
                _fix(function, parameter, file),
            )


def _is_bytes(kind: Type) -> bool:
    return kind.name == "Vec" and len(kind.arguments) == 1 and kind.arguments[0].text == "u8"


def _uses(function: Function, name: str, file: RustFile) -> list[SyntaxNode]:
    body = file.node_of(function).field("body")
    if body is None:
        return []
    found = body.find_all(any=[{"kind": "identifier"}, {"kind": "shorthand_field_identifier"}])
    return [one for one in found if one.text() == name]


def _renamed(use: SyntaxNode) -> Iterator[str]:
    """The names that `match parameter { Some(name) => … }` or `if let Some(name) = parameter` give to the bytes."""
    parent = use.parent()
    if parent is None or parent.kind() not in ("let_condition", "match_expression"):
        return
    patterns = [parent.field("pattern")]
    if parent.kind() == "match_expression" and (arms := parent.field("body")) is not None:
        patterns = [arm.field("pattern") for arm in arms.children() if arm.kind() == "match_arm"]
    for pattern in patterns:
        if pattern is not None and (match := _SOME.fullmatch(pattern.text())):
            yield match[1]


def _moved_on(function: Function, parameter: Parameter, file: RustFile) -> bool:
    """Whether the function stores or changes the bytes: then one copy is needed, and cheap since 0.27 or for a few."""
    if file.version < (0, 27) and not _SHORT.fullmatch(parameter.name):
        return False
    pattern = file.text[parameter.span.start : parameter.type.span.start]
    uses = _uses(function, parameter.name, file)
    uses += [other for use in uses for name in _renamed(use) for other in _uses(function, name, file)]
    return pattern.startswith("mut ") or any(_keeps(use) for use in uses)


def _keeps(use: SyntaxNode) -> bool:
    """Whether a value is moved into a struct, a call, a variable or out of the function."""
    parent = use.parent()
    if parent is None:
        return False
    kind = parent.kind()
    if kind in (
        "shorthand_field_initializer",
        "field_initializer",
        "arguments",
        "let_declaration",
        "block",
        "array_expression",
    ):
        return True
    if kind in ("assignment_expression", "tuple_expression", "return_expression"):
        return True
    method = None
    if kind == "field_expression":
        call = parent.parent()
        method = method_call(call) if call is not None and call.kind() == "call_expression" else None
    return method is not None and method[1].startswith(("into", "drain", "push", "extend", "truncate", "retain"))


def _fix(function: Function, parameter: Parameter, file: RustFile) -> Fix | None:
    if not _is_bytes(parameter.type) or function.is_async or not _keeps_lifetimes(function):
        return None
    for attribute in function.attributes:
        if re.search(
            rf"\b{re.escape(parameter.name)}\s*=\s*(?!None\b)", file.text[attribute.span.start : attribute.span.end]
        ):
            return None
    body = file.node_of(function).field("body")
    if body is None:
        return None
    name = re.compile(rf"\b{re.escape(parameter.name)}\b")
    if any(name.search(macro.text()) for macro in body.find_all(kind="macro_invocation")):
        return None
    if not all(_reads(use) for use in _uses(function, parameter.name, file)):
        return None
    return Fix(
        (Edit(*parameter.type.span, "&[u8]"),),
        safety=Safety.UNSAFE,
        note="The function then accepts only `bytes`: no bytearray, no list of numbers.",
    )


def _keeps_lifetimes(function: Function) -> bool:
    """Whether the lifetimes of the result stay unambiguous with one more reference among the parameters."""
    returned = function.returns
    if returned is None or function.receiver.startswith("&"):
        return True
    if _LENT.search(returned.text):
        return False
    return not (returned.mentions(*_HIDDEN_LIFETIMES) and "'" not in returned.text)


def _reads(use: SyntaxNode) -> bool:
    """Whether a use works the same with a slice as with a `Vec`, and stays in the function."""
    parent = use.parent()
    if parent is None:
        return False
    for closure, call in closures_around(use):
        method = method_call(call) if call is not None else None
        if method is None or (closure.kind() == "async_block"):
            return False
        if method[1] not in DETACHING and closure.text().startswith("move"):
            return False
    if parent.kind() == "index_expression":
        children = [child for child in parent.children() if child.is_named()]
        return bool(children) and children[0].range().start.index == use.range().start.index and _only_read(parent)
    if parent.kind() != "field_expression":
        return False
    call = parent.parent()
    method = method_call(call) if call is not None and call.kind() == "call_expression" else None
    return method is not None and _OF_SLICES.fullmatch(method[1]) is not None


def _only_read(node: SyntaxNode) -> bool:
    parent = node.parent()
    if parent is None:
        return False
    if parent.kind() in ("assignment_expression", "compound_assignment_expr"):
        left = parent.field("left")
        return left is None or left.range().start.index != node.range().start.index
    return not (parent.kind() == "reference_expression" and parent.text().startswith("&mut"))
