"""PYO141."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rules._attached import TOKEN
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tree import SyntaxNode, ancestor, arguments, span

_ATTRIBUTES = frozenset(
    {"getattr", "getattr_opt", "setattr", "hasattr", "delattr", "call_method", "call_method0", "call_method1"}
)
_LOOPS = ("for_expression", "while_expression", "loop_expression")


class PYO141(NodeRule):
    """An attribute name that a loop creates again in every iteration.

    ## What it does

    Finds `getattr`, `setattr`, `call_method…` and similar calls with a string literal as the name inside a loop.

    ## Why

    Each call creates a new Python string for the name, hashes it and discards it. `intern!` creates it once, and an
    interned name is looked up by its address.

    ## Example

    ```rust
    for row in rows {
        total += row.getattr("price")?.extract::<f64>()?;
    }
    ```

    ## Use instead

    ```rust
    for row in rows {
        total += row.getattr(intern!(py, "price"))?.extract::<f64>()?;
    }
    ```

    ## When not

    If the loop runs only a few times.
    """

    title = "attribute name created in every iteration"
    severity = Severity.INFO
    kinds = frozenset({"call_expression"})
    words = (".getattr", ".setattr", ".hasattr", ".delattr", ".call_method")
    since = (0, 16)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report a literal used as a name in a loop of the same function."""
        call = method_call(node)
        if call is None or call[1] not in _ATTRIBUTES:
            return
        given = arguments(node)
        # `Py<T>` takes the token first.
        name = next((one for one in given[:2] if one.kind() == "string_literal"), None)
        if name is None or (given[0].kind() != "string_literal" and not TOKEN.fullmatch(given[0].text())):
            return
        loop = ancestor(node, *_LOOPS, "return_expression", within=("function_item", "async_block"))
        if loop is None or loop.kind() == "return_expression" or not _in_body(node, loop):
            return
        yield self.finding(
            file.path,
            span(name),
            f"each iteration creates a new Python string {name.text()}",
            f"use `intern!(py, {name.text()})`",
        )


def _in_body(node: SyntaxNode, loop: SyntaxNode) -> bool:
    """Whether it is in the repeated part; the iterator of a `for` is created once."""
    body = loop.field("body")
    return loop.kind() != "for_expression" or (body is not None and span(body).contains(span(node)))
