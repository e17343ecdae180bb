"""PYO013."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rules._attached import closures_around, is_attaching, parallel, runs_in_place, token_of
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path, method_call
from pyo3_kit.rust.tree import SyntaxNode, span

_PASSED = frozenset(
    {"block", "call_expression", "expression_statement", "field_expression", "let_declaration", "try_expression"}
)
_WAITING = re.compile(r"(?i)\b(?:\w*rx|rec(?:v|eiver)\w*|chan\w*|incoming|lines|events?|signals?|messages?|queue\w*)\b")


_REPEATING = re.compile(
    r"\.\.=?\s*(?:\w+\.)*(?:times|iter\w*|rounds?|repeat\w*|repetitions|reps?|runs?|samples|warm_?ups?|loops)\b|\.\.=?\s*[\d_]+"
)
_MEASURING = re.compile(r"(?i)(?:\A|[/_])(?:bench\w*|profil\w*|fuzz\w*|stress\w*|perf|harness|main)(?=[/_.]|\Z)")
_PROGRAM = re.compile(r"(?:\A|/)src/(?:main\.rs|bin/)")


class PYO013(NodeRule):
    """An `attach` for every item.

    ## What it does

    Finds `Python::attach` (`Python::with_gil` before 0.26) that is called for every item of a rayon iterator, and
    `for` loops whose whole body is one `attach`. It does not report an attach under a condition (an error, an
    occasional check), loops that wait for something, that do other work in between or that only repeat (`for _ in`),
    or programs and functions that measure.

    ## Why

    Rayon's threads then queue for the interpreter item by item and spend most of their time handing it over;
    detaching and attaching costs 40 ns even without contention. Compute the Rust data first, in parallel and
    detached, then convert everything to Python objects in a single attach.

    ## Example

    ```rust
    items.par_iter().map(|item| {
        Python::attach(|py| convert(py, item))
    })
    ```

    ## Use instead

    ```rust
    let results: Vec<_> = py.detach(|| items.par_iter().map(work).collect());
    results.iter().map(|result| convert(py, result))
    ```

    ## When not

    If every item has to call Python code in the middle of long work of its own.
    """

    title = "`attach` for every item"
    kinds = frozenset({"call_expression"})
    words = ("::attach", "::with_gil")

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report an attach that runs once for every item."""
        if not is_attaching(node, file):
            return
        where = _in_parallel(node) or _in_loop(node)
        function = file.function_at(span(node))
        if (
            _PROGRAM.search(file.path)
            or _MEASURING.search(file.path)
            or (function and _MEASURING.search(function.name))
        ):
            return
        # With a token available, or where Python calls, PYO031 reports it.
        attached = function is not None and (function.exposed or token_of(function, file))
        if where and not (attached and runs_in_place(node, file)):
            yield self.finding(
                file.path,
                span(node.field("function") or node),
                f"`{called_path(node)}` for every item of {where}",
                "do the Rust work for all items first, then attach once",
            )


def _in_parallel(node: SyntaxNode) -> str:
    for closure, call in closures_around(node):
        method = method_call(call) if call is not None else None
        name = parallel(method[0]) if method else None
        return f"`{name}`" if name and _always(node, closure) else ""
    return ""


def _always(node: SyntaxNode, closure: SyntaxNode) -> bool:
    """Whether a closure calls it unconditionally."""
    found = node.parent()
    while found is not None and found.kind() != closure.kind():
        if found.kind() not in _PASSED:
            return False
        found = found.parent()
    return True


def _in_loop(node: SyntaxNode) -> str:
    """Find the `for` loop that does nothing but attach."""
    found = node.parent()
    while found is not None and found.kind() in ("field_expression", "call_expression", "try_expression"):
        found = found.parent()
    if found is not None and found.kind() == "expression_statement":
        found = found.parent()
    if found is None or found.kind() != "block":
        return ""
    body = [child for child in found.children() if child.is_named() and "comment" not in child.kind()]
    loop = found.parent()
    if len(body) != 1 or loop is None or loop.kind() != "for_expression":
        return ""
    over, pattern = loop.field("value"), loop.field("pattern")
    if over is None or pattern is None or pattern.text().startswith("_"):
        return ""
    return "" if _WAITING.search(over.text()) or _REPEATING.search(over.text()) else "the loop"
