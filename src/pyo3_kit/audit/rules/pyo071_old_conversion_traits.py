"""PYO071."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.attributes import attributes_of
from pyo3_kit.rust.tree import SyntaxNode, span
from pyo3_kit.rust.types import read_type

_OLD = frozenset({"IntoPy", "ToPyObject"})


class PYO071(NodeRule):
    """An implementation of `ToPyObject` or `IntoPy`.

    ## What it does

    Finds `impl ToPyObject for` and `impl IntoPy<…> for` with PyO3 versions that have `IntoPyObject`, unless the file
    also implements `IntoPyObject` for the type.

    ## Why

    Both are deprecated since 0.23 and removed in 0.25. `IntoPyObject` declares the resulting Python type, can fail
    with an error instead of a panic, and is what functions, getters and calls try first.

    ## Example

    ```rust
    impl IntoPy<PyObject> for Celsius {
        fn into_py(self, py: Python<'_>) -> PyObject {
            self.0.into_py(py)
        }
    }
    ```

    ## Use instead

    ```rust
    impl<'py> IntoPyObject<'py> for Celsius {
        type Target = PyFloat;
        type Output = Bound<'py, PyFloat>;
        type Error = std::convert::Infallible;

        fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
            self.0.into_pyobject(py)
        }
    }
    ```

    Often `#[derive(IntoPyObject)]` does.

    ## When not

    If the source also has to support PyO3 0.22.
    """

    title = "implementation of `ToPyObject` or `IntoPy`"
    kinds = frozenset({"impl_item"})
    words = ("IntoPy", "ToPyObject")
    since = (0, 23)
    until = (0, 25)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report impls of PyO3's old traits for types without the new one."""
        trait, target = node.field("trait"), node.field("type")
        if trait is None or target is None or not _is_old(trait, file):
            return
        if any(one.name in ("cfg", "cfg_attr") for one in attributes_of(node)) or _has_new(target, node, file):
            return
        name = read_type(trait).name
        yield self.finding(
            file.path,
            span(trait),
            f"`{name}` is deprecated since PyO3 0.23 and removed in 0.25",
            f"implement or derive `IntoPyObject` for `{' '.join(target.text().split())}`",
        )


def _is_old(trait: SyntaxNode, file: RustFile) -> bool:
    named = trait.field("type") if trait.kind() == "generic_type" else trait
    path = file.full((named or trait).text())
    if path.rpartition("::")[2] not in _OLD or path.partition("::")[0] not in ("pyo3", *_OLD):
        return False
    # An `IntoPy` may convert to another Rust type, which `IntoPyObject` does not replace.
    return all(made.name in ("Py", "PyObject") for made in read_type(trait).arguments)


def _has_new(target: SyntaxNode, node: SyntaxNode, file: RustFile) -> bool:
    wanted = read_type(target).bare.name
    for kind, other in file.nodes:
        trait, kept = (other.field("trait"), other.field("type")) if kind == "impl_item" else (None, None)
        if trait is None or kept is None or span(other) == span(node):
            continue
        if read_type(trait).name == "IntoPyObject" and read_type(kept).bare.name == wanted:
            return True
    return False
