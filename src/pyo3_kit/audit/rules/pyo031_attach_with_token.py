"""PYO031."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.model import Finding, Fix, Safety
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rules._attached import is_attaching, runs_in_place, token_of
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path
from pyo3_kit.rust.tree import SyntaxNode, arguments, span
from pyo3_kit.texts.edits import Edit

_COMMENTS = ("line_comment", "block_comment")
_JUMPS = ("return_expression", "try_expression", "break_expression", "continue_expression", "macro_invocation")


class PYO031(NodeRule):
    """An `attach` although a token is available.

    ## What it does

    Finds `Python::attach` (`Python::with_gil` before 0.26) in functions with a `Python` token, a `Bound`, a
    `Borrowed`, a `PyRef` or a `PyRefMut` among their parameters, and in functions that Python calls, which receive a
    token if they declare a parameter for it. Only code that runs attached on the function's own thread is reported.

    ## Why

    `attach` checks whether the thread is attached and increments a counter; the token of a `Bound` is free,
    and the lifetimes then show what belongs together.

    ## Example

    ```rust
    fn same_length(left: &Bound<'_, PyList>, right: &Py<PyList>) -> bool {
        Python::attach(|py| left.len() == right.bind(py).len())
    }
    ```

    ## Use instead

    ```rust
    fn same_length(left: &Bound<'_, PyList>, right: &Py<PyList>) -> bool {
        left.len() == right.bind(left.py()).len()
    }
    ```

    ## When not

    In code that runs detached or on another thread: the function's token is not available there.

    ## Off by default

    A needless `attach` takes 7 ns. In projects that the rule was not developed with, all findings were in code that
    runs once, or that takes far longer anyway. Select the rule for functions that are called very often.

    ## Fix

    Replaces the `attach` by the closure's single call, if the closure names its token as the function does and no
    comment is outside of the call.
    """

    title = "`attach` although a token is available"
    fix = Safety.SAFE
    default_on = False
    kinds = frozenset({"call_expression"})
    words = ("::attach", "::with_gil")

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report an attach on the thread of a function whose parameters show that it is attached."""
        if not is_attaching(node, file):
            return
        function = file.function_at(span(node))
        if function is None or function.is_async:
            return
        token = token_of(function, file)
        if (token is None and not function.exposed) or not runs_in_place(node, file):
            return
        place, path = span(node.field("function") or node), called_path(node)
        if token is not None:
            message = f"`{path}` although `{function.name}` has a token"
            yield self.finding(file.path, place, message, f"use `{token}`", _fix(node, token))
        elif function.name != "__traverse__":
            message = f"`{path}` although `{function.name}` could take a token as a parameter"
            yield self.finding(file.path, place, message, "add `py: Python<'_>` to its parameters")


def _fix(node: SyntaxNode, token: str) -> Fix | None:
    given = arguments(node)
    closure = given[0] if len(given) == 1 and given[0].kind() == "closure_expression" else None
    if closure is None:
        return None
    parameters, body = closure.field("parameters"), closure.field("body")
    if parameters is None or body is None or parameters.text().strip("|").strip() != token:
        return None
    if body.kind() != "call_expression" or body.find(any=[{"kind": kind} for kind in _JUMPS]):
        return None
    if any(not span(body).contains(span(one)) for one in node.find_all(any=[{"kind": kind} for kind in _COMMENTS])):
        return None
    return Fix((Edit(*span(node), body.text()),))
