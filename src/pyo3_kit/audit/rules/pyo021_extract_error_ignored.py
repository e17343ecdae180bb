"""PYO021."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rules._attached import TOKEN, root_of
from pyo3_kit.audit.rules._failures import failure_raises, is_replaced
from pyo3_kit.audit.rules._normal_paths import is_normal_path
from pyo3_kit.audit.rules._python_types import concrete_type
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tree import SyntaxNode, ancestor, arguments, span
from pyo3_kit.texts.edits import Span

_CASTS = re.compile(r"(?:down)?cast(?:_|\Z)")
_DROPPING = {"is_ok", "is_err", "ok", "unwrap_or", "unwrap_or_default"}
_NUMBERS = {*(f"{sign}{bits}" for sign in "iu" for bits in ("8", "16", "32", "64", "128", "size")), "f32", "f64"}

_INTEGER = re.compile(r"::<(?:\w+::)*(?:[iu](?:8|16|32|64|128|size)|BigU?[Ii]nt|PyInt)\b")
_CONTAINER = re.compile(r"::<\s*&?\s*(?:(?:\w+::)*(?:Vec|VecDeque|HashMap|BTreeMap|HashSet|BTreeSet)\b|\(|\[)")
_NEXT_TYPE = r"(?<![\w.]){}\s*\.\s*extract::<\s*([^>]*?)\s*>"
_TYPED_ERRORS = (0, 27)
"""The PyO3 line since which a failed `extract` to a Python type or a class of the project has a cheap error."""

_HANDLES = frozenset(
    {"Bound", "Borrowed", "Py", "PyBackedBytes", "PyClassGuard", "PyClassGuardMut", "PyRef", "PyRefMut"}
)
_LIFETIME = re.compile(r"'\w+\s*")
_RESULTS = re.compile(r"(?:\w+::)*(?:PyResult|Result|Option)<([^,]*?)(?:,[^,]*)?>")
_STRUCTURE = re.compile(r"(?:Ok|Some)\(\s*&?\s*((?:\w+::)*[A-Z]\w*)\s*[({]")


class PYO021(NodeRule):
    """An `extract` whose error is discarded.

    ## What it does

    Finds `extract` calls that only check whether a value has a type, where another value is as normal: the code
    continues to ask the same object for another type (`if let Ok(…) = x.extract() { … } else …`, an early `return`,
    `match` with `Err(_)`), only the answer is used (`.is_ok()`), or it is an operator such as `__eq__`. From PyO3
    0.27 on, extracting a `Bound`, `Py`, `PyRef`, `&[u8]` or a class of the project is not reported, because its error
    is only two references and not an exception. Also not reported: the last check before another error is raised
    (`else { Err(…) }`, `.ok().ok_or(…)`), values that have already been cast, a type that is asked for exactly before,
    or by a caller in the same file (`cast_exact`), types without a Python type to cast to, a container or float that
    is asked for before a container (a cast checks no items, and loses integers), an integer before a wider one, `isize`
    and `usize` (an index may be any object with `__index__`, e.g. NumPy's integers), and calls that may be a method
    `extract` of the project's own.

    ## Why

    A failing `extract` builds a Python exception, with its message, which is then dropped. In a chain of type
    checks, every value that is not of the first type pays for this. Numbers are the worst case: a failed
    `extract::<i64>` takes a microsecond, a cast a few nanoseconds.

    ## Example

    ```rust
    if let Ok(number) = value.extract::<i64>() {
        from_int(number)
    } else if let Ok(number) = value.extract::<f64>() {
        from_float(number)
    }
    ```

    ## Use instead

    ```rust
    if let Ok(number) = value.cast::<PyInt>() {
        from_int(number.extract()?)
    } else if let Ok(number) = value.cast::<PyFloat>() {
        from_float(number.value())
    }
    ```

    ## When not

    If nearly every value has the type that is tried first, or if objects with `__index__` or `__float__` must be
    accepted too: a cast does not call these.
    """

    title = "`extract` whose error is discarded"
    kinds = frozenset({"call_expression"})
    words = (".extract",)
    since = (0, 21)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report an `extract` whose error is discarded, unless the failure ends in another error."""
        call = method_call(node)
        if call is None or call[1] != "extract" or not _is_dropped(node):
            return
        given = arguments(node)
        if given and (len(given) > 1 or not TOKEN.fullmatch(given[0].text())):
            return
        if file.items.has_method("extract(py)" if given else "extract"):
            return
        if _is_cast(call[0], file) or not is_normal_path(node, call[0], file):
            return
        target = _target(node, call[2], file)
        if target.isdigit():
            # A regex's captures have their own `extract::<N>()`.
            return
        if file.version >= _TYPED_ERRORS and _is_cheap(target, file):
            return
        wanted = concrete_type(target, file)
        if target and not wanted:
            # A conversion of the project's own: there is nothing to cast to.
            return
        if target in ("isize", "usize") or _is_undecided(target, wanted, node, file):
            return
        if _is_exact_first(call[0], wanted, file):
            return
        cast = "cast" if file.version >= (0, 26) else "downcast"
        costly = " (a failing `extract` of a number costs a microsecond)" if target in _NUMBERS else ""
        check = f"bind(py).{cast}" if given else cast
        way_out = f"check with `{check}::<{wanted}>()`" if wanted else f"check the type with `{check}`"
        yield self.finding(
            file.path,
            span(node),
            f"the error of this `extract` is built only to be discarded{costly}",
            f"{way_out} first, then extract",
        )


def _is_cast(receiver: SyntaxNode, file: RustFile) -> bool:
    """Whether a value has a known Python type, so that only its value can be out of range."""
    root = receiver
    while root.kind() == "try_expression":
        root = root.children()[0]
    asked = method_call(root) if root.kind() == "call_expression" else None
    if asked is not None and _CASTS.match(asked[1]):
        return True
    name = root_of(root)
    function = ancestor(root, "function_item", within=())
    if name.kind() != "identifier" or function is None or span(name) != span(root):
        return False
    before = file.text[span(function).start : span(root).start]
    return (
        re.search(
            # A parameter, `let x = y.cast::<…>()?;`, `if let Ok(x) = y.cast::<…>()`, `if !x.is_instance_of::<…>()` with
            # an early return, `if x.is_instance_of::<…>()` around.
            rf"[(,]\s*{name.text()}\s*:\s*&?\s*(?:'\w+\s+)?(?:Bound|Borrowed|Py)<(?:'\w+,\s*)?(?:\w+::)*Py(?!Any\b)\w+>"
            rf"|\b(?:Ok|Some|let)[\s(]\s*(?:mut\s+)?{name.text()}\)?\s*(?::[^=;]*)?=[^;{{}}]*\.(?:down)?cast(?:_\w+)?::<"
            rf"|\bif\s*!\s*{name.text()}\.is_(?:exact_)?instance_of::<"
            rf"|\bif\s[^;{{}}]*(?<![\w.]){name.text()}\.is_(?:exact_)?instance_of::<[^;{{}}]*\{{[^{{}}]*\Z",
            before,
        )
        is not None
    )


def _is_undecided(target: str, wanted: str, node: SyntaxNode, file: RustFile) -> bool:
    """Whether a cast would not do: two containers, told apart by their items, two integers, or a float or list.

    A cast to `PyFloat` would lose integers, unless they have been asked for before.
    """
    function = ancestor(node, "function_item", within=())
    if function is not None and wanted == "PyInt" and (call := method_call(node)) is not None:
        following = _NEXT_TYPE.format(re.escape(call[0].text()))
        found = re.compile(following).search(file.text, span(node).end, span(function).end)
        if found is not None and concrete_type(found[1], file) == "PyInt":
            # A wider integer: what failed is the range, not the type.
            return True
    if function is None or not _CONTAINER.search(file.text, span(node).end, span(function).end):
        return False
    if target in ("f32", "f64"):
        return _INTEGER.search(file.text, span(function).start, span(node).start) is None
    name = target.partition("<")[0].rpartition("::")[2].strip("& ")
    is_container = wanted in ("PyDict", "PyList", "PySet", "PyTuple")
    return is_container and name not in _HANDLES and not name.startswith("Py")


def _is_exact_first(receiver: SyntaxNode, wanted: str, file: RustFile) -> bool:
    """Whether exactly this type is asked for before, or by a function that calls this one.

    Then the `extract` is for objects that only convert to it.
    """
    function = file.function_at(span(receiver))
    if function is None or not wanted:
        return False
    asked = rf"([\w.]+)\s*\.\s*(?:(?:down)?cast_exact|is_exact_instance_of)::<(?:\w+::)*{wanted}>"
    called = re.compile(rf"(?<![.\w]){function.name}\s*\(")
    for found in re.finditer(asked, file.text):
        asking = file.function_at(Span(*found.span()))
        if asking == function:
            if found[1] == receiver.text() and found.start() < span(receiver).start:
                return True
        elif asking is not None and asking.body and called.search(file.text, asking.body.start, asking.body.end):
            return True
    return False


def _target(node: SyntaxNode, turbofish: SyntaxNode | None, file: RustFile) -> str:
    """The type that is asked for, as far as the code around says it."""
    if turbofish is not None and (written := turbofish.text()[1:-1].strip()) != "_":
        return _resolved(written, node, file)
    outer = node
    while (parent := outer.parent()) is not None and parent.kind() in ("field_expression", "call_expression"):
        outer = parent
    owner = outer.parent()
    if owner is None:
        return ""
    if owner.kind() in ("let_declaration", "let_condition"):
        if (annotation := owner.field("type")) is not None:
            found = _RESULTS.fullmatch(" ".join(annotation.text().split()))
            return _resolved(found[1] if found else annotation.text(), node, file)
        pattern = owner.field("pattern")
        found = _STRUCTURE.match(pattern.text()) if pattern is not None else None
        return _resolved(found[1], node, file) if found else ""
    if owner.kind() == "match_expression" and (body := owner.field("body")) is not None:
        found = _STRUCTURE.search(body.text())
        return _resolved(found[1], node, file) if found else ""
    return ""


def _resolved(target: str, node: SyntaxNode, file: RustFile) -> str:
    """A type with `Self` spelled out."""
    function = file.function_at(span(node))
    owner = function.owner if function is not None else ""
    return re.sub(r"\bSelf\b", owner, target) if owner else target


def _is_cheap(target: str, file: RustFile) -> bool:
    """Whether a failed `extract` to this type is as cheap as a failed cast."""
    plain = _LIFETIME.sub("", target)
    name = plain.partition("<")[0].rpartition("::")[2].strip()
    return plain == "&[u8]" or name in _HANDLES or file.items.is_user_class(plain)


def _is_dropped(node: SyntaxNode) -> bool:
    """Whether the error is discarded and no other error takes its place."""
    parent = node.parent()
    if parent is None:
        return False
    kind = parent.kind()
    if kind == "field_expression":
        outer = parent.parent()
        name = parent.field("field")
        called = outer is not None and outer.kind() == "call_expression" and name is not None
        return outer is not None and called and name is not None and name.text() in _DROPPING and not is_replaced(outer)
    if kind in ("let_condition", "let_declaration"):
        pattern = parent.field("pattern")
        asks = kind == "let_condition" or parent.field("alternative") is not None
        fits = pattern is not None and re.match(r"Ok\s*\(|Err\s*\(\s*(?:_|\.\.)\s*\)", pattern.text()) is not None
        return asks and fits and not failure_raises(parent)
    if kind == "match_expression":
        body = parent.field("body")
        arms = body.text() if body else ""
        return ("Err(_)" in arms or "_ =>" in arms.partition("Ok(")[2]) and not failure_raises(parent)
    return False
