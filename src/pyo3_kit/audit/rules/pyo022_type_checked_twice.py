"""PYO022."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import method_call
from pyo3_kit.rust.tree import SyntaxNode, ancestor, arguments, span

_QUESTIONS = {
    "is_instance_of": re.compile(r"(?:cast|downcast)(?:_into)?(?:_unchecked)?"),
    "is_exact_instance_of": re.compile(r"(?:cast|downcast)(?:(?:_into)?(?:_unchecked)?|(?:_into)?_exact)"),
}
_PATH = re.compile(r"[\w.]+(?:\(\))?")


class PYO022(NodeRule):
    """A type that is checked twice.

    ## What it does

    Finds `if value.is_instance_of::<T>()` whose block casts the same value to the same type.

    ## Why

    The cast repeats the check of the condition, and its error can never occur. If the cast is unchecked, its
    `unsafe` relies on a condition that a later edit may separate from it.

    ## Example

    ```rust
    if value.is_instance_of::<PyList>() {
        visit(value.cast::<PyList>()?)
    }
    ```

    ## Use instead

    ```rust
    if let Ok(list) = value.cast::<PyList>() {
        visit(list)
    }
    ```

    ## When not

    If the block only extracts a Rust value: a cast would not save anything.
    """

    title = "type that is checked twice"
    severity = Severity.INFO
    kinds = frozenset({"call_expression"})
    words = ("is_instance_of", "is_exact_instance_of")
    since = (0, 21)

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report an `if` that checks a type and a cast to it in the block."""
        call = method_call(node)
        answers = _QUESTIONS.get(call[1]) if call else None
        if call is None or answers is None or call[2] is None or arguments(node):
            return
        receiver, _, turbofish = call
        branch = _asked(node)
        block = branch.field("consequence") if branch is not None else None
        if block is None or turbofish is None or not _PATH.fullmatch(receiver.text()):
            return
        for one in block.find_all(kind="call_expression"):
            other = method_call(one)
            if other is None or not answers.fullmatch(other[1]) or other[0].text() != receiver.text():
                continue
            if arguments(one) or _target(one, other[2]) != _words(turbofish):
                continue
            cast = "cast" if file.version >= (0, 26) else "downcast"
            exact = "_exact" if call[1].startswith("is_exact") else ""
            value = receiver.text()
            yield self.finding(
                file.path,
                span(node),
                f"`{call[1]}` checks the type, and `{other[1]}` in the block checks it again"
                if "unchecked" not in other[1]
                else f"the `{other[1]}` in the block is only sound because of this `{call[1]}`",
                f"write `if let Ok(…) = {value}.{cast}{exact}::<{_words(turbofish)}>()`",
            )
            return


def _asked(node: SyntaxNode) -> SyntaxNode | None:
    """The `if` whose condition is the call, alone or in a chain of `&&`."""
    branch = ancestor(node, "if_expression", within=("function_item", "block", "closure_expression"))
    condition = branch.field("condition") if branch is not None else None
    if branch is None or condition is None or not span(condition).contains(span(node)):
        return None
    found: SyntaxNode | None = node
    while found is not None and span(found) != span(condition):
        found = found.parent()
        if found is None or found.kind() not in ("binary_expression", "let_chain", "parenthesized_expression"):
            return None
        if found.kind() == "binary_expression" and "||" in {child.kind() for child in found.children()}:
            return None
    return branch


def _target(call: SyntaxNode, turbofish: SyntaxNode | None) -> str:
    """The target type of a cast: from its turbofish, or from the type of the `let` it initialises."""
    if turbofish is not None:
        return _words(turbofish)
    declared = ancestor(call, "let_declaration", within=("block", "arguments", "closure_expression"))
    named = declared.field("type") if declared is not None else None
    inner = re.search(r"\bBound\s*<\s*(?:'\w+\s*,\s*)?([\w:]+)\s*>", named.text()) if named is not None else None
    return inner[1] if inner else ""


def _words(turbofish: SyntaxNode) -> str:
    return "".join(turbofish.text().split())[1:-1]
