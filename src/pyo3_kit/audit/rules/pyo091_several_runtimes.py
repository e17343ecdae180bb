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


_SERVES = re.compile(r"(?:start|run|serve|main|launch|listen)(?:_(?:\w+_)?(?:server|forever|app|cli|main))?")


class PYO091(NodeRule):
    """More than one Tokio runtime.

    ## What it does

    Finds functions called from Python that build a new Tokio runtime at each call, and a runtime next to that of
    pyo3-async-runtimes without being registered with it. A constructor that stores a runtime in its object is
    assumed to be intentional, and so is a function that runs a server (`start`, `run`, `serve`, `main`, …).

    ## Why

    A runtime is a pool of threads, by default one per core, and an I/O driver. Building one costs more than most
    calls. Two runtimes side by side have separate threads, timers and connections, and a connection pool in one is
    of no use to the other.

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

    If the call runs in a forked child process: a runtime does not survive a fork.
    """

    title = "more than one Tokio runtime"
    kinds = frozenset({"call_expression"})
    words = ("tokio",)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report a runtime for each call, or a second one next to the bridge's."""
        if not builds_runtime(node, file):
            return
        function = file.function_at(span(node))
        if function is not None and function.exposed and not made_once(node):
            if not _keeps(function) and not _SERVES.fullmatch(function.name):
                yield self.finding(
                    file.path,
                    span(node),
                    f"every call of `{function.name}` starts a new Tokio runtime with its own threads",
                    "start one for the whole module and share it",
                )
        elif made_once(node) and _beside_bridge(file):
            yield self.finding(
                file.path,
                span(node),
                "pyo3-async-runtimes starts a second Tokio runtime next to this one",
                "use `pyo3_async_runtimes::tokio::get_runtime()`, or register this one with `init_with_runtime`",
            )


def _keeps(function: Function) -> bool:
    """Whether the function may store the runtime in the object that it creates."""
    if function.name == "__new__" or function.attribute("new"):
        return True
    return function.returns is not None and function.returns.mentions("Self", function.owner or "Self")


def _beside_bridge(file: RustFile) -> bool:
    depends = file.crate.dependencies
    bridge = depends.get("pyo3-async-runtimes") or depends.get("pyo3-asyncio")
    if bridge is None or "tokio-runtime" not in bridge.features:
        return False
    return bool(_BRIDGED.search(file.text)) and not _HANDED_OVER.search(file.text)
