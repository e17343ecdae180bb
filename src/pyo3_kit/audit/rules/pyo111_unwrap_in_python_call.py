"""PYO111."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.items import Function
from pyo3_kit.audit.model import Confidence, Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rules._attached import runs_at_once
from pyo3_kit.audit.rules._unwrapped import comes_from_outside, is_checked_before
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path, method_call
from pyo3_kit.rust.tree import SyntaxNode, arguments, span
from pyo3_kit.texts.edits import Span

_LINTS = {"unwrap": "clippy::unwrap_used", "expect": "clippy::expect_used"}
_LOCKS = frozenset({"lock", "read", "write", "into_inner", "get_mut", "try_lock", "join", "wait"})
_CONVERSIONS = frozenset({"into_pyobject", "into_py_any", "into_bound_py_any", "write_all", "write_str", "write_fmt"})
_WRITES = re.compile(r"\bwrite(?:ln)?!\s*\(")
_WORLD = re.compile(r"\b(?:env|fs|net|process|File)::")
_NEW = re.compile(r"(?:Py|Bound|Py[A-Z]\w*)::new(?:_bound)?")
_FILLING = frozenset({"append", "set_item"})
_MADE = r"(?:\w+::)*Py(?:Dict|List)::(?:new|empty)(?:_bound)?\("
_REASONED = re.compile(
    r"infallib|never|always|can ?not fail|can't fail|guarante|checked|invariant|unreachable|just |impossible|poison",
    re.IGNORECASE,
)


class PYO111(NodeRule):
    """An `unwrap` or `expect` in a function that Python calls.

    ## What it does

    Finds `.unwrap()` and `.expect("…")` in `#[pyfunction]`s and `#[pymethods]` on values from outside: the result of
    a call on a Python object, anything computed from a parameter, also through variables, loops and closures, files,
    the environment. Not reported: the code's own invariants (`self.graph.weight(edge).unwrap()`), objects that its own
    functions made, poisoned locks, constants, operations that can only run out of memory (such as filling a new dict),
    values that a condition has checked, texts parsed to a type that may take every text, and an `expect` whose text
    explains why it cannot fail.

    ## Why

    The panic reaches Python as a `PanicException`. This is not an `Exception`, so `except Exception` does not catch
    it, and the user sees a Rust source line instead of what is wrong with the argument. With `panic = "abort"` it
    ends the interpreter.

    ## Example

    ```rust
    #[pyfunction]
    fn port(url: &str) -> u16 {
        url.rsplit(':').next().unwrap().parse().unwrap()
    }
    ```

    ## Use instead

    ```rust
    #[pyfunction]
    fn port(url: &str) -> PyResult<u16> {
        let (_, port) = url.rsplit_once(':').ok_or_else(|| PyValueError::new_err("no port in the URL"))?;
        Ok(port.parse()?)
    }
    ```

    ## When not

    If it cannot happen: say so in the text of an `expect`, or with `#[expect(clippy::unwrap_used, reason = "…")]` on
    the function.
    """

    title = "`unwrap` or `expect` in a function called from Python"
    confidence = Confidence.MEDIUM
    kinds = frozenset({"call_expression"})
    words = ("pyfn", "pyfunction", "pymethods")

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report an unwrap in an exposed function unless something shows that it cannot panic."""
        call = method_call(node)
        if call is None or call[1] not in _LINTS:
            return
        receiver, name, _ = call
        function = file.exposed_at(node)
        if (
            function is None
            or not runs_at_once(node, file)
            or not _is_unwrap(name, arguments(node))
            or _allowed(function, _LINTS[name])
        ):
            return
        if _harmless(receiver) or is_checked_before(receiver, function, file) or _fills_own(receiver, function, file):
            return
        if not comes_from_outside(receiver, function, file):
            return
        yield self.finding(
            file.path,
            Span(span(receiver).end, span(node).end) if "\n" not in node.text() else _name(node),
            f"a panic in this `{name}` reaches Python as a `PanicException`, which `except Exception` does not catch",
            "return a `PyResult` and use `?`, with `ok_or_else` for an `Option`",
        )


def _is_unwrap(name: str, given: list[SyntaxNode]) -> bool:
    """Whether it is `Option`'s or `Result`'s: parsers have their own `expect`."""
    if name == "unwrap":
        return not given
    return len(given) == 1 and "string_literal" in given[0].kind() and not _REASONED.search(given[0].text())


def _allowed(function: Function, lint: str) -> bool:
    return any(one.name in ("allow", "expect") and lint in one.options for one in function.attributes)


def _harmless(receiver: SyntaxNode) -> bool:
    """Whether it is a lock, a constant, or rarely fails."""
    if receiver.kind() == "macro_invocation" or _WRITES.search(receiver.text()):
        # `write!` to a String cannot fail; what other macros do is unknown.
        return True
    if receiver.kind() != "call_expression":
        return False
    call = method_call(receiver)
    if call is not None and (call[1] in _CONVERSIONS or (call[1] in _LOCKS and not arguments(receiver))):
        return True
    path = called_path(receiver)
    if path is not None and _NEW.fullmatch(path):
        return True
    if call is not None and (_static(call) or call[1] == "try_into"):
        # Conversions between numbers, and from slices to arrays, rarely fail.
        return True
    return _constant(receiver)


def _static(call: tuple[SyntaxNode, str, SyntaxNode | None]) -> bool:
    """Whether it is `STATE.get(py)`: set when the module is initialised."""
    return call[1] == "get" and call[0].text().isupper()


def _constant(node: SyntaxNode) -> bool:
    """Whether a call depends only on literals: `Regex::new("a+")`, `"1".parse::<u8>()`."""
    path, call, given = called_path(node), method_call(node), arguments(node)
    if path is not None and _WORLD.search(path):
        return False
    if call is not None and not _literal(call[0]):
        return False
    if path is not None and not (given and "::" in path):
        return False
    return (path is not None or call is not None) and all(map(_literal, given))


def _literal(node: SyntaxNode) -> bool:
    kind = node.kind()
    if kind.endswith("_literal"):
        return True
    if kind in ("reference_expression", "parenthesized_expression", "unary_expression"):
        return all(_literal(child) for child in node.children() if child.is_named())
    if kind in ("identifier", "scoped_identifier"):
        return node.text().rpartition("::")[2].isupper()
    return kind == "call_expression" and _constant(node)


def _fills_own(receiver: SyntaxNode, function: Function, file: RustFile) -> bool:
    """Whether it adds something to a Python container created in the function, which cannot fail."""
    call = method_call(receiver) if receiver.kind() == "call_expression" else None
    if call is None or call[1] not in _FILLING or call[0].kind() != "identifier" or function.body is None:
        return False
    before = file.text[function.body.start : span(receiver).start]
    return re.search(rf"\blet\s+{call[0].text()}\s*(?::[^=;]*)?=\s*{_MADE}", before) is not None


def _name(call: SyntaxNode) -> Span:
    """The method's name."""
    function = call.field("function")
    named = function.field("field") if function is not None else None
    return span(named or call)
