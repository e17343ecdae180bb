"""PYO062."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.items import Function
from pyo3_kit.audit.model import Confidence, Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import FunctionRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.types import Type

_AROUND = frozenset({"Option", "PyResult", "Result"})


class PYO062(FunctionRule):
    """Bytes that are returned as a list of numbers.

    ## What it does

    Finds functions that Python calls and that return `Vec<u8>`, directly or in a `PyResult` or an `Option`, with
    PyO3 before 0.23.

    ## Why

    Before 0.23, Python receives a `list` of ints: eight bytes for each, converted one at a time, and rarely what the
    caller wants. From 0.23 on it receives `bytes`, so the same source changes its meaning with an upgrade.

    ## Example

    ```rust
    #[pyfunction]
    fn pack(text: &str) -> Vec<u8> {
        compress(text)
    }
    ```

    ## Use instead

    ```rust
    #[pyfunction]
    fn pack<'py>(py: Python<'py>, text: &str) -> Bound<'py, PyBytes> {
        PyBytes::new_bound(py, &compress(text))
    }
    ```

    `Cow<'static, [u8]>` and `&[u8]` give `bytes` with every version.

    ## When not

    If the caller wants a list of small numbers: return `Vec<u16>`, which stays a list.
    """

    title = "bytes that are returned as a list"
    confidence = Confidence.MEDIUM
    until = (0, 23)

    def check(self, function: Function, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report return types that become a list with this version."""
        found = _bytes(function.returns) if function.returns else None
        if found is not None:
            yield self.finding(
                file.path,
                found.span,
                f"`{found.text}` becomes a list of ints before PyO3 0.23, and `bytes` since",
                "return `Bound<'py, PyBytes>` or `Cow<'static, [u8]>`",
            )


def _bytes(kind: Type) -> Type | None:
    if kind.name in _AROUND and kind.arguments:
        return _bytes(kind.arguments[0])
    is_bytes = kind.name == "Vec" and len(kind.arguments) == 1 and kind.arguments[0].text == "u8"
    return kind if is_bytes else None
