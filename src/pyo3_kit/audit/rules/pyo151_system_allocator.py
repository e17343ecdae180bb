"""PYO151."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.manifests import Crate
from pyo3_kit.audit.model import Confidence, Finding, Severity
from pyo3_kit.audit.profiles import is_module
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import CrateRule

_ALLOCATORS = ("mimalloc", "mimalloc-safe", "tikv-jemallocator", "jemallocator", "snmalloc-rs", "rpmalloc")


class PYO151(CrateRule):
    """A module with the system's allocator.

    ## What it does

    Finds modules that do not depend on a custom allocator.

    ## Why

    Rust's allocations use the system's allocator, and musl's is slow with several threads. 9 of 57 PyO3 projects use
    mimalloc. Python's own objects always use Python's allocator.

    ## Example

    ```toml
    [dependencies]
    pyo3 = "0.30.1"
    ```

    ## Use instead

    ```toml
    [dependencies]
    mimalloc = "0.1"
    pyo3 = "0.30.1"
    ```

    with `#[global_allocator] static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;`.

    ## When not

    If no benchmark shows a gain: mimalloc needs a C compiler, makes the wheel larger and keeps more memory.

    ## Off by default

    It reports nearly every module, and only a benchmark shows whether there is anything to gain.
    """

    title = "module with the system's allocator"
    severity = Severity.INFO
    confidence = Confidence.LOW
    default_on = False

    def check(self, crate: Crate, project: Project) -> Iterator[Finding]:
        """Report modules without one of the well-known allocators."""
        if is_module(crate) and not crate.depends_on(*_ALLOCATORS):
            yield self.finding(
                crate.manifest.path,
                crate.manifest.place("dependencies"),
                "this module uses the system's allocator",
                "measure whether mimalloc is faster",
            )
