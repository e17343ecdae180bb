"""PYO023."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.items import Function
from pyo3_kit.audit.model import Finding, Fix, Safety
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tree import SyntaxNode, arguments, span
from pyo3_kit.texts.edits import Edit

_OLD = re.compile(r"downcast(?:_into|_bound)?(?:_exact|_unchecked)?")
_ANYONES = ("downcast", "downcast_unchecked")
_ERRORLESS = frozenset({"expect", "is_err", "is_ok", "is_ok_and", "ok", "unwrap", "unwrap_or"})
_MAPS = frozenset({"cloned", "copied", "inspect", "map"})


class PYO023(NodeRule):
    """A cast with a deprecated name.

    ## What it does

    Finds `downcast`, `downcast_into`, `downcast_exact`, `downcast_bound` and their unchecked variants on Python
    objects. The standard library's `Any` also has a `downcast`; the requested type tells them apart. Methods of that
    name defined by the project are not reported.

    ## Why

    They are deprecated since 0.27 and removed in 0.29. The new names do the same and are methods of `Bound` itself.

    ## Example

    ```rust
    if let Ok(list) = value.downcast::<PyList>() {
        visit(list)
    }
    ```

    ## Use instead

    ```rust
    if let Ok(list) = value.cast::<PyList>() {
        visit(list)
    }
    ```

    ## When not

    If the source also has to support PyO3 0.25.

    ## Fix

    Uses the new name, unless the file mentions the old error type or `Borrowed`. Safe if the error is discarded;
    unsafe if it is passed on, because the text of the `TypeError` differs.
    """

    title = "cast with a deprecated name"
    fix = Safety.SAFE
    kinds = frozenset({"call_expression"})
    words = ("downcast",)
    since = (0, 27)
    until = (0, 29)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report downcasts of Python objects."""
        call = method_call(node)
        if call is None or _OLD.fullmatch(call[1]) is None:
            return
        _, name, turbofish = call
        if file.items.has_method(name):
            return
        if len(arguments(node)) != ("_bound" in name):
            return
        if not _is_pythons(node, name, turbofish, file):
            return
        new = name.replace("downcast", "cast")
        function = node.field("function")
        if function is not None and function.kind() == "generic_function":
            function = function.field("function")
        place = function.field("field") if function is not None else None
        if place is None:
            return
        yield self.finding(
            file.path,
            span(place),
            f"`{name}` is deprecated since PyO3 0.27 and removed in 0.29",
            f"use `{new}`",
            _fix(node, Edit(*span(place), new), name, file),
        )


def _is_pythons(node: SyntaxNode, name: str, turbofish: SyntaxNode | None, file: RustFile) -> bool:
    """Whether the value is a Python object, judging by the method's name or the requested type."""
    if name not in _ANYONES:
        return True
    if turbofish is not None:
        path = file.full("".join(turbofish.text().split())[1:-1].partition("<")[0])
        last = path.rpartition("::")[2]
        if last == "PyErr":
            # A Rust type: this is another library's boxed error.
            return False
        return re.match(r"Py[A-Z]", last) is not None or path.startswith("pyo3::") or file.items.is_user_class(last)
    parent = node.parent()
    while parent is not None and parent.kind() not in ("let_declaration", "block", "arguments", "function_item"):
        parent = parent.parent()
    named = parent.field("type") if parent is not None and parent.kind() == "let_declaration" else None
    return named is not None and re.search(r"\bBound\b|\bPy[A-Z]\w+", named.text()) is not None


def _fix(node: SyntaxNode, edit: Edit, name: str, file: RustFile) -> Fix | None:
    if name.endswith("_unchecked"):
        return Fix((edit,))
    # Casting a `Borrowed` returns a `Borrowed`, while its downcast returned a reference.
    if re.search(r"\bDowncast(?:Into)?Error\b|\bBorrowed\b|borrowed", file.text):
        return None
    function = file.function_at(span(node))
    while True:
        parent = node.parent()
        if parent is None:
            return None
        kind = parent.kind()
        if kind in ("let_condition", "let_declaration"):
            pattern = parent.field("pattern")
            named = kind == "let_condition" or parent.field("alternative") is not None
            return Fix((edit,)) if named and pattern is not None and pattern.text().startswith("Ok(") else None
        if kind == "match_expression":
            body = parent.field("body")
            return Fix((edit,)) if body is not None and re.search(r"\bErr\(_\)|\b_ =>", body.text()) else None
        if kind == "try_expression":
            return _passed_on(edit) if function is not None and _returns_errors_of_python(function) else None
        outer = parent.parent() if kind == "field_expression" else None
        method = method_call(outer) if outer is not None and outer.kind() == "call_expression" else None
        if outer is None or method is None:
            return None
        if method[1] in _ERRORLESS:
            return Fix((edit,))
        if method[1] == "map_err":
            given = arguments(outer)
            text = given[0].text() if given else ""
            if text.startswith("|_|"):
                return Fix((edit,))
            return _passed_on(edit) if text == "PyErr::from" else None
        if method[1] not in _MAPS:
            return None
        node = outer


def _passed_on(edit: Edit) -> Fix:
    return Fix((edit,), safety=Safety.UNSAFE, note="The text of the `TypeError` changes.")


def _returns_errors_of_python(function: Function) -> bool:
    kind = function.returns
    if kind is None:
        return False
    return kind.text.startswith(("PyResult", "pyo3::PyResult")) or (
        kind.name == "Result" and len(kind.arguments) == 2 and kind.arguments[1].name == "PyErr"
    )
