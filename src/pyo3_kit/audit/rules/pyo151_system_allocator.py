"""PYO151."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.manifests import Crate
from pyo3_kit.audit.model import Confidence, Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import CrateRule
from pyo3_kit.audit.rules._profiles import is_module

_ALLOCATORS = ("mimalloc", "mimalloc-safe", "tikv-jemallocator", "jemallocator", "snmalloc-rs", "rpmalloc")


class PYO151(CrateRule):
    """A module with the system's allocator.

    ## What it does

    Finds modules that depend on no allocator of their own.

    ## Why

    What Rust allocates goes to the system's allocator, and musl's is slow with several threads. 9 of 57 PyO3 projects
    bring mimalloc. Python's own objects stay with Python's.

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

    Where no benchmark shows a gain: it needs a C compiler, makes the wheel larger and keeps more memory.
    """

    title = "module with the system's allocator"
    severity = Severity.INFO
    confidence = Confidence.LOW
    default_on = False

    def check(self, crate: Crate, project: Project) -> Iterator[Finding]:
        """A module without one of the well-known allocators."""
        if is_module(crate) and not crate.depends_on(*_ALLOCATORS):
            yield self.finding(
                crate.manifest.path,
                crate.manifest.place("dependencies"),
                "what this module allocates goes to the system's allocator",
                "measure what mimalloc gains",
            )
