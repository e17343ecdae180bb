"""PYO113."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path, method_call
from pyo3_kit.rust.tree import SyntaxNode, arguments, span
from pyo3_kit.texts.edits import Span

_FILES = re.compile(r"(?:std::fs|fs_err)::(?:\w+|File::(?:open|create|create_new))")
_NUMBERS = re.compile(r"<\s*(?:[iu](?:8|16|32|64|128|size)|f32|f64|bool|char)\s*>")
_NEW = re.compile(r"(?:pyo3::exceptions::|exceptions::)?(Py\w+)::new_err")
_SHAPE = re.compile(r"\|\s*(\w+)\s*\|\s*([\w:]+)\s*\(\s*(.*?)\s*,?\s*\)", re.DOTALL)


class PYO113(NodeRule):
    """An error converted to text, although `?` would raise the right exception.

    ## What it does

    Finds `.map_err(|e| PyOSError::new_err(e.to_string()))?` on results of `std::fs`, and the same with
    `PyValueError` on results of parsing a number.

    ## Why

    PyO3 converts an `io::Error` to the matching subclass of `OSError`: `FileNotFoundError`, `PermissionError`. The
    text alone loses this, and `except FileNotFoundError` no longer works. For numbers, the conversion raises the
    same `ValueError` without the detour.

    ## Example

    ```rust
    let text = fs::read_to_string(path).map_err(|e| PyOSError::new_err(e.to_string()))?;
    ```

    ## Use instead

    ```rust
    let text = fs::read_to_string(path)?;
    ```

    ## When not

    If the text says more than the error does, such as the name of the file.
    """

    title = "error converted to text although `?` converts it"
    severity = Severity.INFO
    kinds = frozenset({"call_expression"})
    words = ("new_err",)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report a `map_err` before a `?` that does no more than the conversion does."""
        call = method_call(node)
        parent = node.parent()
        if call is None or call[1] != "map_err" or parent is None or parent.kind() != "try_expression":
            return
        exception = _exception(node)
        if exception is None:
            return
        if exception in ("PyOSError", "PyIOError") and _of_files(call[0], file):
            message = f"this raises `{exception}` instead of `FileNotFoundError` if the file is missing"
        elif exception == "PyValueError" and _of_numbers(call[0]):
            message = "`?` raises the same `ValueError`"
        else:
            return
        yield self.finding(file.path, Span(span(call[0]).end, span(node).end), message, "use only `?`")


def _exception(node: SyntaxNode) -> str | None:
    """The exception in `map_err(|e| PyOSError::new_err(e.to_string()))`; None for any other form."""
    given = arguments(node)
    shape = _SHAPE.fullmatch(given[0].text().strip()) if len(given) == 1 else None
    if shape is None:
        return None
    made = _NEW.fullmatch(shape[2])
    plain = (f"{shape[1]}.to_string()", f'format!("{{{shape[1]}}}")', f'format!("{{}}",{shape[1]})', shape[1])
    return made[1] if made and "".join(shape[3].split()) in plain else None


def _of_files(receiver: SyntaxNode, file: RustFile) -> bool:
    path = called_path(receiver) if receiver.kind() == "call_expression" else None
    return path is not None and "::" in path and _FILES.fullmatch(file.full(path)) is not None


def _of_numbers(receiver: SyntaxNode) -> bool:
    call = method_call(receiver) if receiver.kind() == "call_expression" else None
    return call is not None and call[1] == "parse" and call[2] is not None and bool(_NUMBERS.fullmatch(call[2].text()))
