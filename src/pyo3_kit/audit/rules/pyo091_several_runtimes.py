"""PYO091."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.items import Function
from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rules._runtimes import builds_runtime, made_once
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.tree import SyntaxNode, span

_BRIDGED = re.compile(r"\b(?:future_into_py|into_stream_v[12]|local_future_into_py)\b")
_HANDED_OVER = re.compile(r"\binit_with_runtime\b|\btokio::init\s*\(")


class PYO091(NodeRule):
    """More than one Tokio runtime.

    ## What it does

    Finds a Tokio runtime that is built anew at each call of a function from Python, and one that is built beside that
    of pyo3-async-runtimes without being handed to it. A constructor that keeps a runtime in its object counts as meant.

    ## Why

    A runtime is a pool of threads, by default one for each core, and a driver for input and output. To build one for
    each call costs more than most calls do. Of two that live side by side each has its own threads, timers and
    connections, and a connection pool of one is of no use to the other.

    ## Example

    ```rust
    #[pyfunction]
    fn fetch(py: Python<'_>, url: String) -> PyResult<String> {
        let runtime = tokio::runtime::Runtime::new()?;
        py.detach(|| runtime.block_on(get(url)))
    }
    ```

    ## Use instead

    ```rust
    #[pyfunction]
    fn fetch(py: Python<'_>, url: String) -> PyResult<String> {
        let runtime = pyo3_async_runtimes::tokio::get_runtime();
        py.detach(|| runtime.block_on(get(url)))
    }
    ```

    ## When not

    Where the call runs in a child process that was forked: a runtime does not survive a fork.
    """

    title = "more than one Tokio runtime"
    kinds = frozenset({"call_expression"})
    words = ("tokio",)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """A runtime of each call, or a second one beside the bridge's."""
        if not builds_runtime(node, file):
            return
        function = file.function_at(span(node))
        if function is not None and function.exposed and not made_once(node):
            if not _keeps(function):
                yield self.finding(
                    file.path,
                    span(node),
                    f"every call of `{function.name}` starts a Tokio runtime with threads of its own",
                    "start one for the module and share it",
                )
        elif made_once(node) and _beside_bridge(file):
            yield self.finding(
                file.path,
                span(node),
                "pyo3-async-runtimes starts a second Tokio runtime beside this one",
                "use `pyo3_async_runtimes::tokio::get_runtime()`, or hand this one to it by `init_with_runtime`",
            )


def _keeps(function: Function) -> bool:
    """Whether the function may keep the runtime in the object that it makes."""
    if function.name == "__new__" or function.attribute("new"):
        return True
    return function.returns is not None and function.returns.mentions("Self", function.owner or "Self")


def _beside_bridge(file: RustFile) -> bool:
    depends = file.crate.dependencies
    bridge = depends.get("pyo3-async-runtimes") or depends.get("pyo3-asyncio")
    if bridge is None or "tokio-runtime" not in bridge.features:
        return False
    return bool(_BRIDGED.search(file.text)) and not _HANDED_OVER.search(file.text)
