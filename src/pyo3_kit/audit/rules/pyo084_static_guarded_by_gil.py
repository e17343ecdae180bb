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
    """A static that only the GIL guards.

    ## What it does

    Finds `static mut`, and statics of the type `GILProtected`. Tables and pointers for the C interface
    (`static mut DEF: PyModuleDef`) are left out.

    ## Why

    Free-threaded Python has no GIL that would keep two threads from such a static; with the GIL, code that is detached
    gets there at the same time too. For `static mut` that is undefined behaviour. `GILProtected` is not even there in
    builds for free-threaded Python, which then do not compile.

    ## Example

    ```rust
    static mut CALLS: u64 = 0;
    ```

    ## Use instead

    ```rust
    static CALLS: AtomicU64 = AtomicU64::new(0);
    ```

    ## When not

    Where a C library demands the address of something mutable.
    """

    title = "static that only the GIL guards"
    kinds = frozenset({"static_item"})
    words = ("static mut", "GILProtected")

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """A mutable static, or one whose type needs the GIL."""
        name, type_ = node.field("name"), node.field("type")
        if name is None or type_ is None:
            return
        mutable = any(child.kind() == "mutable_specifier" for child in node.children())
        if mutable and not _FOREIGN.search(type_.text()) and not _foreign(node):
            yield self.finding(
                file.path,
                span(name),
                f"nothing keeps two threads from `{name.text()}` at the same time",
                "use an atomic, a `Mutex` or a `OnceLock`",
            )
        elif file.full(type_.text().partition("<")[0]) in ("pyo3::sync::GILProtected", "sync::GILProtected"):
            yield self.finding(
                file.path,
                span(type_),
                f"`{name.text()}` needs the GIL: for free-threaded Python this does not compile",
                "use a `Mutex` with `MutexExt::lock_py_attached`, or atomics",
            )


def _foreign(node: SyntaxNode) -> bool:
    """Whether another library defines the static, or each thread has one of its own."""
    outer = node.parent()
    if outer is not None and outer.kind() == "declaration_list":
        outer = outer.parent()
    if outer is not None and outer.kind() == "foreign_mod_item":
        return True
    before = node.prev()
    return before is not None and before.kind() == "attribute_item" and "thread_local" in before.text()
