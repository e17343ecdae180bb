"""PYO063."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tree import SyntaxNode, ancestor, arguments, span

_LEAVES = re.compile(r"\b(?:detach|allow_threads|unsafe)\b")
_UNSOUND = {
    "as_slice": "as_slice_ptr",
    "as_mut_slice": "as_slice_ptr",
    "as_fortran_slice": "as_fortran_slice_ptr",
    "as_fortran_mut_slice": "as_fortran_slice_ptr",
}


class PYO063(NodeRule):
    """An unsound slice of a `PyBuffer`.

    ## What it does

    Finds `as_slice(py)`, `as_mut_slice(py)`, `as_fortran_slice(py)` and `as_fortran_mut_slice(py)` of a `PyBuffer`.
    Before PyO3 0.30, a project whose module sets `gil_used = true` may use them in functions that neither detach nor
    contain `unsafe`.

    ## Why

    Anyone else who holds the object can write to its memory while the slice exists: another thread on free-threaded
    Python, detached Rust code, any Python code that the function calls. This is a data race, and thus undefined
    behaviour without an `unsafe` in sight. PyO3 0.30 deprecates all four methods.

    ## Example

    ```rust
    let buffer = PyBuffer::<u8>::get(data)?;
    let sum = checksum(buffer.as_slice(py).unwrap());
    ```

    ## Use instead

    ```rust
    let copy = PyBuffer::<u8>::get(data)?.to_vec(py)?;
    let sum = checksum(&copy);
    ```

    ## When not

    Never. If a copy is too expensive and nobody else can hold the object, use `as_slice_ptr` in an `unsafe` block.
    """

    title = "unsound slice of a `PyBuffer`"
    severity = Severity.ERROR
    kinds = frozenset({"call_expression"})
    words = ("PyBuffer",)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report slices taken with a token, in a file that uses buffers."""
        call = method_call(node)
        if call is None or call[1] not in _UNSOUND or len(arguments(node)) != 1 or "PyBuffer" not in file.text:
            return
        if file.version < (0, 30) and file.items.keeps_gil and not _leaves_python(node):
            return
        name = node.field("function")
        name = name.field("field") if name is not None else None
        pointer = f" or, in `unsafe`, `{_UNSOUND[call[1]]}`" if file.version >= (0, 30) else ""
        copies = "`to_vec(py)`" if "mut" not in call[1] else "`copy_from_slice(py, …)`"
        yield self.finding(
            file.path,
            span(name or node),
            f"other code can write to the memory behind `{call[1]}` while it is borrowed",
            f"use {copies}{pointer}",
        )


def _leaves_python(node: SyntaxNode) -> bool:
    """Whether the function around detaches, or turns the cells into something else with `unsafe`."""
    function = ancestor(node, "function_item", within=())
    return function is None or _LEAVES.search(function.text()) is not None
