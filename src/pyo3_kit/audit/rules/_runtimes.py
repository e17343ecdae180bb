"""Calls that build a Tokio runtime."""

from __future__ import annotations

from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path, method_call
from pyo3_kit.rust.tree import SyntaxNode

_BUILDERS = frozenset({"new_multi_thread", "new_current_thread"})
_ONCE = frozenset({"get_or_init", "get_or_try_init", "call_once"})
_LAZY = frozenset({"LazyLock", "Lazy"})


def builds_runtime(node: SyntaxNode, file: RustFile) -> bool:
    """Whether a call is `Runtime::new()`, or starts a Tokio `Builder`."""
    path = called_path(node)
    if path is None:
        return False
    owner, _, name = file.full(path).rpartition("::")
    if name == "new":
        return owner == "tokio::runtime::Runtime"
    return name in _BUILDERS and owner == "tokio::runtime::Builder"


def made_once(node: SyntaxNode) -> bool:
    """Whether a node is in a closure that runs once: in `get_or_init`, a `LazyLock`, a static."""
    found = node.parent()
    while found is not None:
        if found.kind() == "static_item":
            return True
        if found.kind() == "call_expression":
            call = method_call(found)
            if call is not None and call[1] in _ONCE:
                return True
            path = called_path(found)
            if path is not None and path.rpartition("::")[0].rpartition("::")[2] in _LAZY:
                return True
        found = found.parent()
    return False
