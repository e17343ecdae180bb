"""PYO072."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.items import Function
from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import FunctionRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.tree import SyntaxNode, span
from pyo3_kit.rust.types import Type

_BRANCHES = ("if_expression", "match_expression", "else_clause", "match_block", "match_arm", "block")


class PYO072(FunctionRule):
    """A `str` that is returned unchanged.

    ## What it does

    Finds functions that Python calls with a `&str` and that return an unchanged `String` copy of it on some path.

    ## Why

    The text is copied twice, into the `String` and into a new `str`, although the caller already has that object.
    Returning the object takes the same time for any length.

    ## Example

    ```rust
    #[pyfunction]
    fn slashed(path: &str) -> String {
        if path.ends_with('/') {
            return path.to_string();
        }
        format!("{path}/")
    }
    ```

    ## Use instead

    ```rust
    #[pyfunction]
    fn slashed<'py>(path: Bound<'py, PyString>) -> PyResult<Bound<'py, PyString>> {
        let text = path.to_str()?;
        if text.ends_with('/') {
            return Ok(path);
        }
        Ok(PyString::new(path.py(), &format!("{text}/")))
    }
    ```

    `to_str` needs Python 3.10 under abi3.

    ## When not

    If texts are short or rarely returned unchanged. `Cow<str>` saves only the first copy.
    """

    title = "`str` that is returned unchanged"
    severity = Severity.INFO
    since = (0, 23)

    def check(self, function: Function, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report paths on which the function returns a `&str` parameter."""
        if function.is_async or function.returns is None or not _is_string(function.returns):
            return
        names = {one.name for one in function.parameters if one.type.name == "&" and one.type.bare.text == "str"}
        body = file.node_of(function).field("body")
        if not names or body is None:
            return
        copies = "|".join(map(re.escape, sorted(names)))
        copy = re.compile(rf"(?:(?P<a>{copies})\.(?:to_string|to_owned|into)\(\)|String::from\((?P<b>{copies})\))")
        if re.search(rf"\blet\s+(?:mut\s+)?(?:{copies})\b", body.text()):
            return
        for value in _values(body):
            found = copy.fullmatch(_unwrapped(value))
            if found:
                name = found["a"] or found["b"]
                yield self.finding(
                    file.path,
                    span(value),
                    f"`{name}` is copied twice to return a `str` that the caller already has",
                    f"take `{name}: Bound<'py, PyString>` and return it if nothing changed",
                )


def _is_string(kind: Type) -> bool:
    if kind.name in ("PyResult", "Result") and kind.arguments:
        return _is_string(kind.arguments[0])
    return kind.text == "String"


def _unwrapped(value: SyntaxNode) -> str:
    text = "".join(value.text().split())
    return text[3:-1] if text.startswith("Ok(") and text.endswith(")") else text


def _values(body: SyntaxNode) -> Iterator[SyntaxNode]:
    """The possible results: the values of all `return`s and of the last expression's branches."""
    yield from _last(body)
    for one in body.find_all(kind="return_expression"):
        inside = one.parent()
        while inside is not None and span(inside) != span(body) and inside.kind() != "closure_expression":
            inside = inside.parent()
        value = next((child for child in one.children() if child.is_named()), None)
        if value is not None and inside is not None and inside.kind() == "block":
            yield value


def _last(node: SyntaxNode) -> Iterator[SyntaxNode]:
    kind = node.kind()
    children = [child for child in node.children() if child.is_named() and "comment" not in child.kind()]
    if kind == "expression_statement" and not node.text().endswith(";") and children:
        yield from _last(children[0])
    elif kind == "if_expression":
        for part in (node.field("consequence"), node.field("alternative")):
            if part is not None:
                yield from _last(part)
    elif kind == "match_expression":
        block = node.field("body")
        for arm in block.children() if block is not None else ():
            value = arm.field("value") if arm.kind() == "match_arm" else None
            if value is not None:
                yield from _last(value)
    elif kind in ("block", "else_clause"):
        if children:
            yield from _last(children[-1])
    elif kind not in _BRANCHES:
        yield node
