"""PYO142."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.tree import SyntaxNode, arguments, span
from pyo3_kit.rust.types import Type, read_type
from pyo3_kit.texts.edits import Span

_LAZY = frozenset({"std::sync::LazyLock", "once_cell::sync::Lazy"})
_ONCE = frozenset({"std::sync::OnceLock", "once_cell::sync::OnceCell"})
_OLD = frozenset({"pyo3::sync::GILOnceCell", "sync::GILOnceCell", "GILOnceCell"})
_HELD = frozenset({"Py", "PyObject"})
_EMPTY = re.compile(
    r"(?:move)?(?:\|\|)?(?:(?:\w+::)*(?!Py)[A-Z]\w*(?:::<[^()]*>)?::(?:new|default|with_capacity|with_hasher)\(?|"
    r"Default::default\(?|None|\d+|vec!\[\]|[(){},])+"
)
"""An initialiser, without blanks, that creates nothing but empty containers."""
_STATIC_REF = re.compile(r"\bstatic\s+ref\s+\w+\s*:\s*((?:Option\s*<\s*)?(?:Py\s*<|PyObject\b))")


class PYO142(NodeRule):
    """A Python object created once, in a cell that does not detach while it waits.

    ## What it does

    Finds statics that create a `Py<…>` with `lazy_static!`, `LazyLock`, `OnceLock` or once_cell's types, and PyO3's
    old `GILOnceCell`. A `OnceLock` that is only set and read, or initialised with `get_or_init_py_attached`, is
    fine, and so is a cell that starts with an empty container, e.g. `LazyLock::new(|| Mutex::new(None))`.

    ## Why

    The thread that creates the object holds the cell's lock and then attaches, or releases the interpreter in an
    import. Another thread that is attached waits for the lock, and both wait forever. `PyOnceLock` detaches while it
    waits. `GILOnceCell` is deprecated: racing threads create its value several times.

    ## Example

    ```rust
    static DECIMAL: LazyLock<Py<PyAny>> = LazyLock::new(|| Python::attach(|py| decimal(py)));
    ```

    ## Use instead

    ```rust
    static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

    fn cached(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        Ok(DECIMAL.get_or_try_init(py, || decimal(py))?.bind(py))
    }
    ```

    ## When not

    If the cell is filled at import, before there is another thread.
    """

    title = "Python object in a cell that does not detach"
    kinds = frozenset({"static_item", "field_declaration", "macro_invocation"})
    words = ("GILOnceCell", "LazyLock", "Lazy<", "OnceLock", "OnceCell", "lazy_static")
    since = (0, 26)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report statics and fields of such a type."""
        if node.kind() == "macro_invocation":
            yield from self._in_macro(node, file)
            return
        listed, name = node.field("type"), node.field("name")
        if listed is None or name is None:
            return
        for cell in read_type(listed).every():
            full = file.full(_path(cell))
            if full in _OLD:
                yield self.finding(
                    file.path,
                    cell.span,
                    "`GILOnceCell` is deprecated: racing threads create its value several times",
                    "use `PyOnceLock`, which has the same methods",
                )
            elif node.kind() == "static_item" and _deadlocks(full, name.text(), node, file) and cell.mentions(*_HELD):
                yield self._deadlock(file, cell.span, name.text())

    def _in_macro(self, node: SyntaxNode, file: RustFile) -> Iterator[Finding]:
        called = node.field("macro")
        if called is None or called.text().rpartition("::")[2] != "lazy_static":
            return
        start = span(node).start
        for match in _STATIC_REF.finditer(node.text()):
            named = match[0].split(":")[0].split()[-1]
            end = match.end() - (1 if match[1].endswith("<") else 0)
            yield self._deadlock(file, Span(start + match.start(1), start + end), named)

    def _deadlock(self, file: RustFile, place: Span, name: str) -> Finding:
        return self.finding(
            file.path,
            place,
            f"two threads that access `{name}` first may deadlock: one holds the cell's lock, the other the GIL",
            "use `pyo3::sync::PyOnceLock`",
        )


def _path(cell: Type) -> str:
    return cell.text.partition("<")[0]


def _deadlocks(full: str, name: str, static: SyntaxNode, file: RustFile) -> bool:
    """Whether a cell of this type creates a Python object while other threads wait, without detaching."""
    if full in _LAZY:
        value = static.field("value")
        created = arguments(value) if value is not None and value.kind() == "call_expression" else []
        return not (len(created) == 1 and _is_empty(created[0].text()))
    if full not in _ONCE:
        return False
    calls = re.finditer(rf"\b{re.escape(name)}\s*\.\s*get_or_(?:try_)?init\s*\(", file.text)
    return any(not _is_empty(_argument(file.text, call.end())) for call in calls)


def _argument(text: str, start: int) -> str:
    """The text up to the parenthesis that closes the one before `start`; all of it if none does."""
    depth = 1
    for match in re.finditer(r"[()]", text[start : start + 1000]):
        depth += 1 if match[0] == "(" else -1
        if depth == 0:
            return text[start : start + match.start()]
    return text[start:]


def _is_empty(initialiser: str) -> bool:
    return bool(_EMPTY.fullmatch("".join(initialiser.split())))
