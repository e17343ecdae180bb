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

    Finds `future_into_py` of pyo3-async-runtimes in a project whose flags hold `--cfg pyo3_disable_reference_pool`.

    ## Why

    It drops Python references of its own on a thread of the runtime. With the pool disabled that aborts the process, on
    a normal return, an exception, a cancel, a timeout and a panic alike. The abort comes late, after a slow backtrace:
    a short script ends with the right answer before it. With the leak flag one future is lost with every call.

    ## Example

    ```toml
    # .cargo/config.toml, beside `future_into_py` in the code
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

    Never. What the flag saves is 3.6 ns a call on PyO3 0.28 and nothing on 0.30.
    """

    title = "`future_into_py` with the reference pool disabled"
    severity = Severity.ERROR
    kinds = frozenset({"call_expression"})
    words = ("future_into_py",)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """A call of the bridge, under flags that do not bear it."""
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
            "take the flag away, or use a bridge that drops its references attached",
        )
