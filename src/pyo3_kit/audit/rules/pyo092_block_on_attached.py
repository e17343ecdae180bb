"""PYO092."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rules._attached import runs_in_place
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path, method_call
from pyo3_kit.rust.tree import SyntaxNode, arguments, span
from pyo3_kit.texts.edits import Span

_BLOCKING = frozenset(
    {
        "async_std::task::block_on",
        "futures::executor::block_on",
        "futures_executor::block_on",
        "futures_lite::future::block_on",
        "futures_util::executor::block_on",
        "pollster::block_on",
        "smol::block_on",
    }
)


class PYO092(NodeRule):
    """A `block_on` while the thread is attached.

    ## What it does

    Finds `block_on` outside of `detach` (`allow_threads` before 0.26) in functions that Python calls.

    ## Why

    The thread keeps the interpreter while it waits for the future, so no other Python thread can run. If anything
    that the future waits for attaches, such as a callback or a log record, both wait for each other forever.

    ## Example

    ```rust
    #[pyfunction]
    fn fetch(url: String) -> PyResult<String> {
        runtime().block_on(get(url))
    }
    ```

    ## Use instead

    ```rust
    #[pyfunction]
    fn fetch(py: Python<'_>, url: String) -> PyResult<String> {
        py.detach(|| runtime().block_on(get(url)))
    }
    ```

    ## When not

    If the future is ready immediately and does not touch Python.
    """

    title = "`block_on` while attached"
    severity = Severity.ERROR
    kinds = frozenset({"call_expression"})
    words = ("pyfn", "pyfunction", "pymethods")

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report a `block_on` that runs attached in an exposed function."""
        name = _block_on(node, file)
        if name is None:
            return
        function = file.exposed_at(node)
        if function is None or function.is_async or not runs_in_place(node, file):
            return
        detach = "detach" if file.version >= (0, 26) else "allow_threads"
        yield self.finding(
            file.path,
            name,
            "this waits for a future while no other Python thread can run",
            f"wrap it in `py.{detach}(|| …)`",
        )


def _block_on(node: SyntaxNode, file: RustFile) -> Span | None:
    """The span of the name, if a call is a `block_on` of a runtime."""
    if len(arguments(node)) != 1:
        return None
    call = method_call(node)
    called = node.field("function")
    if called is None:
        return None
    if call is not None:
        # A wrapper that gets the token from its object and detaches itself cannot be recognised; nobody writes that.
        field = called.field("field")
        if call[1] != "block_on" or field is None or file.items.has_method("block_on"):
            return None
        return span(field)
    path = called_path(node)
    return span(called) if path is not None and file.full(path) in _BLOCKING else None
