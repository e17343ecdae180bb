"""PYO141."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rules._attached import TOKEN, closures_around
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tree import SyntaxNode, ancestor, arguments, span

_ATTRIBUTES = frozenset(
    {"getattr", "getattr_opt", "setattr", "hasattr", "delattr", "call_method", "call_method0", "call_method1"}
)
_FEW = 16
_RANGE = re.compile(r"\(?\s*(\d+)\s*\.\.=?\s*(\d+)\s*\)?")
_PLAIN = frozenset(
    {"as_slice", "chunks", "cloned", "copied", "enumerate", "into_iter", "iter", "rev", "windows", "zip"}
)
_ONCE = frozenset({"call_once", "get_or_init", "get_or_try_init", "import_once"})
_LOOPS = ("for_expression", "while_expression", "loop_expression")


class PYO141(NodeRule):
    """An attribute name that a loop creates again in every iteration.

    ## What it does

    Finds `getattr`, `setattr`, `call_method…` and similar calls with a string literal as the name inside a loop. Not
    reported: loops over a list that is written out in the code, and code that only runs at import (functions that fill
    a `PyModule`, closures of `get_or_init`).

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

    ## Off by default

    How often a loop runs is not in the code. In projects that the rule was not developed with, all findings were in
    loops over a few items that run rarely. Select the rule for loops over data.
    """

    title = "attribute name created in every iteration"
    severity = Severity.INFO
    kinds = frozenset({"call_expression"})
    words = (".getattr", ".setattr", ".hasattr", ".delattr", ".call_method")
    since = (0, 16)
    default_on = False

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
        if _is_short(loop) or _runs_once(node, file):
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


def _is_short(loop: SyntaxNode) -> bool:
    """Whether a `for` goes over a list, a constant or a range that is written out in the code."""
    value = loop.field("value") if loop.kind() == "for_expression" else None
    while value is not None:
        kind = value.kind()
        if kind == "call_expression" and (call := method_call(value)) is not None and call[1] in _PLAIN:
            value = call[0]
        elif kind in ("reference_expression", "parenthesized_expression", "try_expression"):
            value = next((child for child in value.children() if child.is_named()), None)
        else:
            break
    if value is None:
        return False
    text = value.text()
    if value.kind() in ("identifier", "scoped_identifier"):
        return text.rpartition("::")[2].isupper()
    bounds = _RANGE.fullmatch(text)
    if bounds is not None:
        return int(bounds[2]) - int(bounds[1]) <= _FEW
    written = value.kind() == "array_expression" or re.match(r"vec!\s*\[", text) is not None
    return written and ";" not in text


def _runs_once(node: SyntaxNode, file: RustFile) -> bool:
    """Whether it runs at import, or once for the process."""
    for _, call in closures_around(node):
        method = method_call(call) if call is not None else None
        if method is not None and method[1] in _ONCE:
            return True
    if ancestor(node, "static_item", within=()) is not None:
        return True
    function = file.function_at(span(node))
    if function is None:
        return False
    if any(one.name in ("pymodule", "pymodule_init") for one in function.attributes):
        return True
    return not function.exposed and any(one.type.mentions("PyModule") for one in function.parameters)
