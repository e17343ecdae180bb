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
"""The PyO3 line since which a failed `extract` to a Python type or a class of the project has a cheap error."""

_HANDLES = frozenset(
    {"Bound", "Borrowed", "Py", "PyBackedBytes", "PyClassGuard", "PyClassGuardMut", "PyRef", "PyRefMut"}
)
_REPLACED = re.compile(r"(?:Err\(_\)|\b_)\s*=>\s*\{?\s*(?:return\s+)?Err\(")
_LIFETIME = re.compile(r"'\w+\s*")


class PYO021(NodeRule):
    """An `extract` whose error is discarded.

    ## What it does

    Finds `extract` calls that only check whether a value has a type: `if let Ok(…) = x.extract()`, `let … else`,
    `.extract().is_ok()`, `.ok()`, `.unwrap_or(…)`, `match` with `Err(_)`. From PyO3 0.27 on, extracting a `Bound`,
    `Py`, `PyRef`, `&[u8]` or a class of the project is not reported, because its error is only two references and
    not an exception. Also not reported: errors that are replaced by another one, values that have already been cast,
    and calls that may be a method `extract` of the project's own.

    ## Why

    A failing `extract` builds a Python exception, with its message, which is then dropped. In a chain of type
    checks, every value that is not of the first type pays for this. Numbers are the worst case: a failed
    `extract::<i64>` followed by `extract::<f64>` took 1.1 µs, 380 times as long as a cast.

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

    If nearly every value has the type that is tried first, or if objects with `__index__` or `__float__` must be
    accepted too: a cast does not call these.
    """

    title = "`extract` whose error is discarded"
    kinds = frozenset({"call_expression"})
    words = (".extract",)
    since = (0, 21)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report an `extract` without arguments whose error is discarded."""
        call = method_call(node)
        if call is None or call[1] != "extract" or arguments(node) or not _error_dropped(node):
            return
        if file.items.has_method("extract"):
            return
        asked = method_call(root) if (root := _unwrapped(call[0])).kind() == "call_expression" else None
        if asked is not None and _CASTS.match(asked[1]):
            # The type matches; only the value can be out of range.
            return
        target = call[2].text()[1:-1].strip() if call[2] else ""
        if target.isdigit():
            # A regex's captures have their own `extract::<N>()`.
            return
        if file.version >= _TYPED_ERRORS and _cheap(target, file):
            return
        cast = "cast" if file.version >= (0, 26) else "downcast"
        costly = " (a failing `extract` of a number costs a microsecond)" if target in _NUMBERS else ""
        yield self.finding(
            file.path,
            span(node),
            f"the error of this `extract` is built only to be discarded{costly}",
            f"check with `{cast}::<Py…>()` first, then extract",
        )


def _unwrapped(node: SyntaxNode) -> SyntaxNode:
    """A value without the `?` after it."""
    while node.kind() == "try_expression":
        node = node.children()[0]
    return node


def _cheap(target: str, file: RustFile) -> bool:
    """Whether a failed `extract` to this type is as cheap as a failed cast."""
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
