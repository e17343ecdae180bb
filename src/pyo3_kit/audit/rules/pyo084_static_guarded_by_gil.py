"""PYO084."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.tree import SyntaxNode, span

_FOREIGN = re.compile(
    r"\bffi\s*::|\bpyo3_ffi\s*::|\bPy\w*(?:Def|Slot|Spec|Object)\b|\bPyTypeObject\b|\*\s*(?:mut|const)\b"
)


class PYO084(NodeRule):
    """A static that only the GIL protects.

    ## What it does

    Finds `static mut`, and statics of type `GILProtected`. Tables and pointers for the C API (`static mut DEF:
    PyModuleDef`) are not reported, nor is code that is left out for free-threaded Python
    (`#[cfg(not(Py_GIL_DISABLED))]`).

    ## Why

    Free-threaded Python has no GIL that would keep two threads from accessing such a static; with the GIL, detached
    code can access it at the same time too. For `static mut` this is undefined behaviour. `GILProtected` does not
    exist in builds for free-threaded Python, which then do not compile.

    ## Example

    ```rust
    static mut CALLS: u64 = 0;
    ```

    ## Use instead

    ```rust
    static CALLS: AtomicU64 = AtomicU64::new(0);
    ```

    ## When not

    If a C library requires the address of something mutable.
    """

    title = "static that only the GIL protects"
    kinds = frozenset({"static_item"})
    words = ("static mut", "GILProtected")

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report mutable statics, and statics whose type needs the GIL."""
        name, type_ = node.field("name"), node.field("type")
        if name is None or type_ is None or file.needs_gil(span(node)):
            return
        mutable = any(child.kind() == "mutable_specifier" for child in node.children())
        if mutable and not _FOREIGN.search(type_.text()) and not _foreign(node):
            yield self.finding(
                file.path,
                span(name),
                f"nothing prevents two threads from accessing `{name.text()}` at the same time",
                "use an atomic, a `Mutex` or a `OnceLock`",
            )
        elif file.full(type_.text().partition("<")[0]) in ("pyo3::sync::GILProtected", "sync::GILProtected"):
            yield self.finding(
                file.path,
                span(type_),
                f"`{name.text()}` needs the GIL and does not compile for free-threaded Python",
                "use a `Mutex` with `MutexExt::lock_py_attached`, or atomics",
            )


def _foreign(node: SyntaxNode) -> bool:
    """Whether another library defines the static, or each thread has its own."""
    outer = node.parent()
    if outer is not None and outer.kind() == "declaration_list":
        outer = outer.parent()
    if outer is not None and outer.kind() == "foreign_mod_item":
        return True
    before = node.prev()
    return before is not None and before.kind() == "attribute_item" and "thread_local" in before.text()
