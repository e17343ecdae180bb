"""PYO051."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.flags import pool_disabled
from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path
from pyo3_kit.rust.tree import SyntaxNode, span

_BRIDGES = ("pyo3_async_runtimes::", "pyo3_asyncio::", "pyo3_asyncio_0_21::")
_LEAK = "pyo3_leak_on_drop_without_reference_pool"
_NAMES = ("future_into_py", "future_into_py_with_locals", "local_future_into_py", "local_future_into_py_with_locals")


class PYO051(NodeRule):
    """`future_into_py` with the reference pool disabled.

    ## What it does

    Finds `future_into_py` of pyo3-async-runtimes in a project whose flags contain `--cfg
    pyo3_disable_reference_pool`.

    ## Why

    It drops its own Python references on a thread of the runtime. With the pool disabled, this aborts the process,
    after a normal return, an exception, a cancellation, a timeout or a panic. The abort comes late, after a slow
    backtrace: a short script ends with the right answer before it. With the leak flag, every call leaks a future.

    ## Example

    ```toml
    # .cargo/config.toml, with `future_into_py` in the code
    [build]
    rustflags = ["--cfg", "pyo3_disable_reference_pool"]
    ```

    ## Use instead

    ```toml
    # .cargo/config.toml
    [build]
    rustflags = []
    ```

    or a bridge whose every `Py` sits in a guard that drops it attached.

    ## When not

    Never. The flag saves 3.6 ns per call on PyO3 0.28 and nothing on 0.30.
    """

    title = "`future_into_py` with the reference pool disabled"
    severity = Severity.ERROR
    kinds = frozenset({"call_expression"})
    words = ("future_into_py",)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report calls of the bridge with flags that it does not support."""
        path = called_path(node)
        if path is None or not path.endswith(_NAMES) or path.rpartition("::")[2] not in _NAMES:
            return
        flags = pool_disabled(project)
        if flags is None or not file.full(path).startswith(_BRIDGES):
            return
        outcome = "leaks a future" if any(_LEAK in word for word in flags.words) else "aborts the process"
        yield self.finding(
            file.path,
            span(node.field("function") or node),
            f"`{path.rpartition('::')[2]}` {outcome}: {flags.origin} disables the reference pool",
            "remove the flag, or use a bridge that drops its references while attached",
        )
