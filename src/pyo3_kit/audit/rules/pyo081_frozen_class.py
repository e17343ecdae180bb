"""PYO081."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.items import PyClass
from pyo3_kit.audit.model import Finding, Fix, Safety
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import ClassRule
from pyo3_kit.audit.rust_file import RustFile


class PYO081(ClassRule):
    """A class that could be frozen.

    ## What it does

    Finds `#[pyclass]` types that nothing in the project borrows mutably: no method takes `&mut self`, no field is
    settable from Python, nothing takes a `PyRefMut` of it or calls `borrow_mut`, and no subclass does.

    ## Why

    A class that is not frozen counts its borrows, with an atomic operation at every access, and a second thread that
    accesses it at the wrong moment gets `RuntimeError: Already borrowed`. A frozen class needs no count, can be
    borrowed with `get` without the GIL, and suits free-threaded Python.

    ## Example

    ```rust
    #[pyclass]
    struct Point {
        #[pyo3(get)]
        x: f64,
    }
    ```

    ## Use instead

    ```rust
    #[pyclass(frozen)]
    struct Point {
        #[pyo3(get)]
        x: f64,
    }
    ```

    ## When not

    If macros of another crate generate methods of the class, or another project borrows it mutably from Rust.

    ## Fix

    Adds `frozen` to the attribute. Unsafe in a project that borrows classes mutably through a type parameter.
    """

    title = "class that could be frozen"
    fix = Safety.SAFE
    since = (0, 19)

    def check(self, item: PyClass, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report classes without `frozen` that could be frozen."""
        if "frozen" in item.options or item.in_tests or (item.kind == "enum" and not item.fieldless):
            return
        if file.items.why_mutable(item.name):
            return
        yield self.finding(
            file.path,
            item.name_span,
            f"nothing borrows `{item.name}` mutably, but every access still counts a borrow",
            "add `frozen` to its `#[pyclass]`",
            _fix(item, file),
        )


def _fix(item: PyClass, file: RustFile) -> Fix:
    edits = (item.attribute.with_option("frozen", file.text),)
    if not file.items.borrows_generic:
        return Fix(edits)
    note = "The project borrows classes mutably through a type parameter; if this is one of them, it will not compile."
    return Fix(edits, safety=Safety.UNSAFE, note=note)
