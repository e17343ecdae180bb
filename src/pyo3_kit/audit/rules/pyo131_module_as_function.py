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

    A `#[pymodule] mod` declares the module's content in a form that the compiler and tools can read: one list of
    exports, no forgotten `add_function`, no `wrap_pyfunction!`, submodules written as modules. Code that has to run
    at import goes into a `#[pymodule_init]`.

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

    If most of the content is only known at run time.

    ## Off by default

    Nothing is wrong with the function: PyO3 supports both forms, and for a module that is finished the rewrite changes
    neither speed nor behaviour. Select the rule for new modules.
    """

    title = "module declared as a function"
    severity = Severity.INFO
    since = (0, 23)
    default_on = False

    def check(self, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report functions with `#[pymodule]`."""
        for function in file.own.functions:
            if function.attribute("pymodule") is not None:
                yield self.finding(
                    file.path,
                    function.name_span,
                    f"the module `{function.name}` is declared as a function",
                    "declare it as a `mod` with `#[pymodule_export] use …;`",
                )
