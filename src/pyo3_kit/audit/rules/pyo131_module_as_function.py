"""PYO131."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import FileRule
from pyo3_kit.audit.rust_file import RustFile


class PYO131(FileRule):
    """A module that is declared as a function.

    ## What it does

    Finds `#[pymodule]` on a function.

    ## Why

    A `#[pymodule] mod` says what is in the module where the compiler and tools can read it: one list of exports, no
    `add_function` that is forgotten, no `wrap_pyfunction!`, submodules that are written as what they are. What has to
    run at import goes into a `#[pymodule_init]`.

    ## Example

    ```rust
    #[pymodule]
    fn fast(m: &Bound<'_, PyModule>) -> PyResult<()> {
        m.add_class::<Point>()?;
        m.add_function(wrap_pyfunction!(norm, m)?)
    }
    ```

    ## Use instead

    ```rust
    #[pymodule]
    mod fast {
        #[pymodule_export]
        use super::{Point, norm};
    }
    ```

    ## When not

    Where most of the content is only known at run time.
    """

    title = "module declared as a function"
    severity = Severity.INFO
    since = (0, 23)

    def check(self, file: RustFile, project: Project) -> Iterator[Finding]:
        """Functions with `#[pymodule]`."""
        for function in file.own.functions:
            if function.attribute("pymodule") is not None:
                yield self.finding(
                    file.path,
                    function.name_span,
                    f"the module `{function.name}` is declared as a function",
                    "declare it as a `mod` with `#[pymodule_export] use …;`",
                )
