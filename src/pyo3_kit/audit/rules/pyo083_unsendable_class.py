"""PYO083."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.items import PyClass
from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import ClassRule
from pyo3_kit.audit.rust_file import RustFile


class PYO083(ClassRule):
    """A class that is bound to one thread.

    ## What it does

    Finds `#[pyclass(unsendable)]`.

    ## Why

    An object of such a class panics as soon as another thread touches it. If the garbage collector drops it on
    another thread, it is leaked, with a warning. Thread pools, `asyncio.to_thread` and free-threaded Python all do
    that.

    ## Example

    ```rust
    #[pyclass(unsendable)]
    struct Cache {
        items: Rc<RefCell<Vec<u8>>>,
    }
    ```

    ## Use instead

    ```rust
    #[pyclass(frozen)]
    struct Cache {
        items: Arc<Mutex<Vec<u8>>>,
    }
    ```

    ## When not

    If the underlying library allows only one thread, as some UI toolkits do.
    """

    title = "class that is bound to one thread"

    def check(self, item: PyClass, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report the option `unsendable` in any attribute of the class."""
        if "unsendable" in item.options and not item.in_tests:
            yield self.finding(
                file.path,
                item.name_span,
                f"`{item.name}` is `unsendable`: any other thread that touches one of its objects panics",
                "use `Send` and `Sync` types (`Arc`, `Mutex`, atomics), and remove `unsendable`",
            )
