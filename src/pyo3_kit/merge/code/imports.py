"""Imports that one side drops and the other side's new code needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from pyo3_kit.merge.code.rust import named
from pyo3_kit.merge.code.source import Language, Source, parse
from pyo3_kit.rust.tree import SyntaxNode, span
from pyo3_kit.rust.tree import parse as parse_rust
from pyo3_kit.rust.unused_imports import without_names
from pyo3_kit.rust.uses import bound_names
from pyo3_kit.texts.edits import Edit, apply_edits


def missing_imports(language: Language, ours: str, theirs: str, merged: str) -> set[str]:
    """The names that ours imports and the merged text uses without importing them, as theirs does not use them."""
    find = _python_names if language == "python" else _rust_names
    try:
        (imported, _, _), (_, _, used_by_theirs), (still, defined, used) = (
            find(each) for each in (ours, theirs, merged)
        )
    except _Unreadable:
        return set()
    return (imported & used) - still - defined - used_by_theirs


def with_kept_imports(language: Language, base: str, ours: str, theirs: str, missing: set[str]) -> tuple[str, str]:
    """Base and ours as if the template had never imported what is `missing`, and ours had dropped what theirs drops."""
    find = _python_names if language == "python" else _rust_names
    before, mine, now = (find(text)[0] for text in (base, ours, theirs))
    dropped = (before & mine) - now - missing
    return _without(language, base, missing | dropped), _without(language, ours, dropped)


def _without(language: Language, text: str, names: set[str]) -> str:
    """The text without the imports of these names."""
    edits = _python_edits(text, names) if language == "python" else _rust_edits(text, names)
    return apply_edits(text, list(edits))


class _Unreadable(Exception):  # noqa: N818 (an outcome that the caller expects)
    """A text that does not parse."""


_Names = tuple[set[str], set[str], set[str]]
"""The names that a text imports, defines otherwise, and uses."""


def _python_names(text: str) -> _Names:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        raise _Unreadable from None
    imported: set[str] = set()
    defined: set[str] = set()
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imported.update(_bound(alias) for alias in node.names)
        elif isinstance(node, (ast.arg, ast.AnnAssign)) or (
            isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns
        ):
            annotation = node.returns if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else node.annotation
            used.update(_quoted_names(annotation))
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else defined).add(node.id)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            defined.add(node.name)
    return imported, defined, used


def _quoted_names(annotation: ast.expr | None) -> Iterator[str]:
    """The names in those parts of an annotation that are quoted."""
    for node in ast.walk(annotation) if annotation else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"(?<![\w.])[^\W\d]\w*", node.value)


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _python_edits(text: str, names: set[str]) -> Iterator[Edit]:
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def place(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        spans = [
            (place(each.lineno, each.col_offset), place(each.end_lineno or 0, each.end_col_offset or 0))
            for each in node.names
        ]
        end = place(node.end_lineno or 0, node.end_col_offset or 0)
        whole = (text.rfind("\n", 0, place(node.lineno, node.col_offset)) + 1, _line_end(text, end))
        yield from _cut(whole, spans, [_bound(each) in names for each in node.names])


def _rust_names(text: str) -> _Names:
    source = parse(text, "rust")
    if source is None:
        raise _Unreadable
    uses = list(_uses(source.root))
    imported = {name for use in uses for name in bound_names(use)}
    return imported, set(_defined(source.root)), set(_used(source, [span(use) for use in uses]))


def _defined(root: SyntaxNode) -> Iterator[str]:
    stack = [root]
    while stack:
        node = stack.pop()
        name = named(node)
        if name:
            yield name[1]
        stack += node.children()


def _used(source: Source, uses: Iterable[tuple[int, int]]) -> Iterator[str]:
    stretches = list(uses)
    before = ""
    for token in source.tokens:
        inside = any(start <= token.start < end for start, end in stretches)
        if not inside and before not in ("::", "."):
            yield token.text
        before = token.text


def _uses(root: SyntaxNode) -> Iterator[SyntaxNode]:
    yield from root.find_all(kind="use_declaration")


def _rust_edits(text: str, names: set[str]) -> Iterator[Edit]:
    for use in _uses(parse_rust(text)):
        if edit := without_names(use, names, text):
            yield edit


def _cut(whole: tuple[int, int], spans: list[tuple[int, int]], gone: list[bool]) -> Iterator[Edit]:
    """Takes some names out of a list of them; the whole statement where none is left."""
    if all(gone):
        yield Edit(*whole, "")
        return
    kept = [i for i, leaves in enumerate(gone) if not leaves]
    for i, leaves in enumerate(gone):
        if leaves and i < kept[-1]:
            yield Edit(spans[i][0], spans[i + 1][0], "")
    if kept[-1] < len(gone) - 1:
        yield Edit(spans[kept[-1]][1], spans[-1][1], "")


def _line_end(text: str, place: int) -> int:
    found = text.find("\n", place)
    return len(text) if found < 0 else found + 1
