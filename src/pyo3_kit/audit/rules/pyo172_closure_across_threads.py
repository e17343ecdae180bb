"""PYO172."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path
from pyo3_kit.rust.tree import SyntaxNode, span

_NAMES = frozenset({"new_closure", "new_closure_bound"})


class PYO172(NodeRule):
    """A Python function made from a closure that need not be `Sync`.

    ## What it does

    Finds `PyCFunction::new_closure` before PyO3 0.29.

    ## Why

    Python may call the function from several threads at once: always on free-threaded Python, otherwise if the
    closure detaches. Before 0.29 the compiler does not check that the closure supports this (RUSTSEC-2026-0177): a
    `Cell` in it is a data race.

    ## Example

    ```rust
    let calls = Cell::new(0);
    PyCFunction::new_closure(py, None, None, move |_, _| calls.set(calls.get() + 1))
    ```

    ## Use instead

    ```rust
    #[pyclass(frozen)]
    struct Counter(AtomicU64);

    #[pymethods]
    impl Counter {
        fn __call__(&self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    ```

    ## When not

    If everything the closure holds is `Sync`. PyO3 0.29 checks it.
    """

    title = "closure that Python may call from several threads"
    severity = Severity.ERROR
    kinds = frozenset({"call_expression"})
    words = ("new_closure",)
    until = (0, 29)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report calls of the constructor, under any imported name."""
        path = called_path(node)
        if path is None:
            return
        owner, _, name = path.rpartition("::")
        if name not in _NAMES or file.full(owner) not in (
            "PyCFunction",
            "pyo3::types::PyCFunction",
            "types::PyCFunction",
        ):
            return
        called = node.field("function")
        yield self.finding(
            file.path,
            span(called or node),
            "before PyO3 0.29, nothing checks that this closure can run on several threads at once",
            "make it a `#[pyclass(frozen)]` with `__call__`, or upgrade to PyO3 0.29",
        )
