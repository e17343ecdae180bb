"""PYO012."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.flags import POOL, pool_disabled
from pyo3_kit.audit.items import Function
from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rules._attached import DETACHING
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tree import SyntaxNode, arguments, span

_HANDLES = ("Py", "PyBackedBytes", "PyBackedStr", "PyErr", "PyObject")


class PYO012(NodeRule):
    """A Python reference that is dropped inside `detach`.

    ## What it does

    In projects that disable the reference pool, finds parameters whose type holds Python references (`Py`,
    `PyBackedStr`, `PyBackedBytes`, `PyErr`, also in a `Vec` or `Option`) and that a `detach` closure takes ownership
    of: a `move` closure that uses them, or one that passes them on by value.

    ## Why

    A closure drops the values it owns. A reference that is dropped while detached goes into PyO3's reference pool;
    with `--cfg pyo3_disable_reference_pool` the process aborts instead.

    ## Example

    ```rust
    fn count(py: Python<'_>, text: PyBackedStr) -> usize {
        py.detach(move || text.lines().count())
    }
    ```

    ## Use instead

    ```rust
    fn count(py: Python<'_>, text: PyBackedStr) -> usize {
        py.detach(|| text.lines().count())
    }
    ```

    ## When not

    If the closure returns the value.
    """

    title = "Python reference that is dropped inside `detach`"
    severity = Severity.ERROR
    kinds = frozenset({"call_expression"})
    words = (".detach", ".allow_threads")
    since = (0, 22)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report detached closures that take ownership of a parameter."""
        call = method_call(node)
        given = arguments(node)
        if call is None or call[1] not in DETACHING or len(given) != 1 or given[0].kind() != "closure_expression":
            return
        function = file.function_at(span(node))
        if function is None or pool_disabled(project) is None:
            return
        closure = given[0]
        body = closure.field("body")
        if body is None:
            return
        moves = closure.text().startswith("move")
        handles = _handles(function, file)
        seen: set[str] = set()
        for use in [body, *body.find_all(kind="identifier")]:
            name = use.text()
            if use.kind() != "identifier" or name not in handles or name in seen:
                continue
            if (moves and not _given_back(body, name)) or _given_away(use):
                seen.add(name)
                yield self.finding(
                    file.path,
                    span(use),
                    f"`{name}` holds a Python reference and is dropped while detached, which aborts with `{POOL}`",
                    f"borrow `{name}` in the closure" + (", without `move`" if moves else ""),
                )


def _handles(function: Function, file: RustFile) -> set[str]:
    """The parameters that own Python references and are not shadowed by a `let`."""
    body = file.text[function.body.start : function.body.end] if function.body else ""
    return {
        one.name
        for one in function.parameters
        if one.type.name not in ("&", "&mut")
        and one.type.mentions(*_HANDLES)
        and not one.type.mentions("&", "&mut")
        and not re.search(rf"\blet\s+(?:mut\s+)?{re.escape(one.name)}\b", body)
    }


def _given_away(use: SyntaxNode) -> bool:
    """Whether a value is passed by value to a call or a loop."""
    parent = use.parent()
    if parent is None:
        return False
    if parent.kind() == "for_expression":
        over = parent.field("value")
        return over is not None and span(over) == span(use)
    if parent.kind() == "field_expression":
        call = parent.parent()
        method = method_call(call) if call is not None and call.kind() == "call_expression" else None
        return method is not None and method[1] in ("into_iter", "into_par_iter")
    call = parent.parent() if parent.kind() == "arguments" else None
    callee = call.field("function") if call is not None else None
    return callee is not None and callee.text() in ("drop", "mem::drop", "std::mem::drop")


def _given_back(body: SyntaxNode, name: str) -> bool:
    """Whether the closure's last expression uses the value, so that it may be returned."""
    children = [child for child in body.children() if child.is_named()] if body.kind() == "block" else []
    last = children[-1] if children else body
    if last.kind() == "expression_statement":
        return False
    return last.kind() in ("identifier", "tuple_expression") and re.search(rf"\b{name}\b", last.text()) is not None
