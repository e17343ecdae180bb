"""PYO021."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tree import SyntaxNode, arguments, span

_CASTS = re.compile(r"(?:down)?cast(?:_|\Z)")
_DROPPING = {"is_ok", "is_err", "ok", "unwrap_or", "unwrap_or_default"}
_NUMBERS = {*(f"{sign}{bits}" for sign in "iu" for bits in ("8", "16", "32", "64", "128", "size")), "f32", "f64"}

_TYPED_ERRORS = (0, 27)
"""The line since which a type of Python or of the project fails to be extracted with an error of its own."""

_HANDLES = frozenset(
    {"Bound", "Borrowed", "Py", "PyBackedBytes", "PyClassGuard", "PyClassGuardMut", "PyRef", "PyRefMut"}
)
_REPLACED = re.compile(r"(?:Err\(_\)|\b_)\s*=>\s*\{?\s*(?:return\s+)?Err\(")
_LIFETIME = re.compile(r"'\w+\s*")


class PYO021(NodeRule):
    """An `extract` whose error is thrown away.

    ## What it does

    Finds `extract` calls that only ask whether a value is of a type: `if let Ok(…) = x.extract()`, `let … else`,
    `.extract().is_ok()`, `.ok()`, `.unwrap_or(…)`, `match` with `Err(_)`. From PyO3 0.27 on it leaves alone what is
    said to be a `Bound`, `Py`, `PyRef`, `&[u8]` or a class of the project: the error of these is two references, no
    exception. An error in whose place another one is raised does not count, nor what has been cast already,
    nor anything where the project has a method `extract` of its own that is called alike.

    ## Why

    An `extract` that fails builds a Python exception, with its message, only to drop it. Among the arms of a dispatch
    that is the price of every value which is not of the first type. For numbers it is worst: a failed `extract::<i64>`
    followed by `extract::<f64>` took 1.1 µs, 380 times as long as a cast.

    ## Example

    ```rust
    if let Ok(number) = value.extract::<i64>() {
        from_int(number)
    } else if let Ok(number) = value.extract::<f64>() {
        from_float(number)
    }
    ```

    ## Use instead

    ```rust
    if let Ok(number) = value.cast::<PyInt>() {
        from_int(number.extract()?)
    } else if let Ok(number) = value.cast::<PyFloat>() {
        from_float(number.value())
    }
    ```

    ## When not

    Where nearly every value is of the type that is asked for first, or where objects with `__index__` or `__float__`
    have to be taken too: a cast does not ask for these.
    """

    title = "extract whose error is thrown away"
    kinds = frozenset({"call_expression"})
    words = (".extract",)
    since = (0, 21)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """An extract without arguments whose result goes where an error counts for nothing."""
        call = method_call(node)
        if call is None or call[1] != "extract" or arguments(node) or not _error_dropped(node):
            return
        if file.items.has_method("extract"):
            return
        asked = method_call(root) if (root := _unwrapped(call[0])).kind() == "call_expression" else None
        if asked is not None and _CASTS.match(asked[1]):
            # Of the type it is; only its value can be out of range.
            return
        target = call[2].text()[1:-1].strip() if call[2] else ""
        if target.isdigit():
            # A regex's captures have an `extract::<N>()` of their own.
            return
        if file.version >= _TYPED_ERRORS and _cheap(target, file):
            return
        cast = "cast" if file.version >= (0, 26) else "downcast"
        costly = " (a failing one for a number costs a microsecond)" if target in _NUMBERS else ""
        yield self.finding(
            file.path,
            span(node),
            f"the error of this `extract` is built and thrown away{costly}",
            f"ask with `{cast}::<Py…>()` first, then extract",
        )


def _unwrapped(node: SyntaxNode) -> SyntaxNode:
    """A value without the `?` behind it."""
    while node.kind() == "try_expression":
        node = node.children()[0]
    return node


def _cheap(target: str, file: RustFile) -> bool:
    """Whether an extract of this type fails as cheaply as a cast does."""
    plain = _LIFETIME.sub("", target)
    name = plain.partition("<")[0].rpartition("::")[2].strip()
    return plain == "&[u8]" or name in _HANDLES or file.items.is_user_class(plain)


def _error_dropped(node: SyntaxNode) -> bool:
    parent = node.parent()
    if parent is None:
        return False
    kind = parent.kind()
    if kind == "field_expression":
        outer = parent.parent()
        name = parent.field("field")
        return outer is not None and outer.kind() == "call_expression" and name is not None and name.text() in _DROPPING
    if kind in ("let_condition", "let_declaration"):
        pattern = parent.field("pattern")
        otherwise = parent.field("alternative")
        asks = kind == "let_condition" or (otherwise is not None and "return Err(" not in otherwise.text())
        return asks and pattern is not None and pattern.text().startswith("Ok(")
    if kind == "match_expression":
        body = parent.field("body")
        arms = body.text() if body else ""
        if _REPLACED.search(arms):
            return False
        return "Err(_)" in arms or "_ =>" in arms.partition("Ok(")[2]
    return False
