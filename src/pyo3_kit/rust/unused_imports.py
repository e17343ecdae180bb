"""Take names out of imports, also those that an edit left without a use, formatted as rustfmt does."""

from __future__ import annotations

import re
from collections import Counter

from pyo3_kit.rust.tokens import split, without_words
from pyo3_kit.rust.tree import SyntaxNode, is_comment, parse, span
from pyo3_kit.rust.uses import imports
from pyo3_kit.texts.edits import Edit, Span, apply_edits

_WORD = re.compile(r"\w+")
_WIDTH = 100
"""rustfmt's `max_width`."""


def drop_new_unused_imports(before: str, after: str) -> str:
    """The text `after` an edit without the imports that it made unused; those that were unused `before` stay."""
    lost = _words(before) - _words(after)
    if not lost:
        return after
    used_before, used = _words_used(before), _words_used(after)
    gone = {name for name in lost if used_before[name] and not used[name]}
    if not gone:
        return after
    uses = (use for use in parse(after).find_all(kind="use_declaration") if not use.text().startswith("pub"))
    return apply_edits(after, [edit for use in uses if (edit := without_names(use, gone, after))])


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text))


def _words_used(text: str) -> Counter[str]:
    """The words of the code, without those of its imports."""
    spans = [span(use) for use in parse(text).find_all(kind="use_declaration")]
    code = without_words(apply_edits(text, [Edit(one.start, one.end, "") for one in spans]))
    return _words(code)


def without_names(use: SyntaxNode, gone: set[str], text: str) -> Edit | None:
    """The edit that takes these names out of a `use`; None if none of them is in it."""
    argument = use.field("argument")
    if argument is None or not gone & {name for name, _ in imports(use)}:
        return None
    left = _left(argument, gone)
    place = span(use)
    if left is None:
        return _whole_line(use, text)
    indent = place.start - (text.rfind("\n", 0, place.start) + 1)
    return Edit(place.start, place.end, _formatted(left, use, indent))


def _left(node: SyntaxNode, gone: set[str]) -> str | None:
    """What is left of a tree of imports; None if nothing is."""
    kind = node.kind()
    if kind == "scoped_use_list":
        path, listed = node.field("path"), node.field("list")
        inner = _left(listed, gone) if listed is not None else None
        if inner is None:
            return None
        prefix = f"{path.text()}::" if path is not None else "::"
        return prefix + inner if inner != "self" or path is None else path.text()
    if kind == "use_list":
        items = [child for child in node.children() if child.is_named() and not is_comment(child)]
        left = [one for one in (_left(item, gone) for item in items) if one is not None]
        if not left:
            return None
        if len(left) == len(items) and all(one == item.text() for one, item in zip(left, items, strict=True)):
            return node.text()
        return left[0] if len(left) == 1 else f"{{{', '.join(left)}}}"
    name = node.field("alias") if kind == "use_as_clause" else node
    return None if name is not None and name.text().rpartition("::")[2] in gone else node.text()


def _formatted(tree: str, use: SyntaxNode, indent: int) -> str:
    """The declaration on one line where it fits, else as it was with shorter lists."""
    line = f"use {_on_one_line(tree)};"
    if "\n" not in use.text() or (indent + len(line) < _WIDTH and tree.count("{") < 2) or "{" not in tree:
        return line
    if "//" in use.text() or "/*" in use.text():
        return f"use {tree};"
    return f"use {_in_lines(tree, indent, 4)};"


def _on_one_line(tree: str) -> str:
    return " ".join(tree.split()).replace("{ ", "{").replace(", }", "}").replace(" }", "}")


def _in_lines(tree: str, indent: int, before: int) -> str:
    """A tree over several lines: lists of lists with a line for each item, others filled.

    `before` is the width of what precedes the tree on its first line.
    """
    head, brace, rest = _on_one_line(tree).partition("{")
    if not brace:
        return head
    items = [rest[first:last].strip() for first, last in split(rest, 0, len(rest) - 1)]
    nested = any("{" in item for item in items)
    line = f"{head}{{{', '.join(items)}}}"
    if not nested and indent + before + len(line) + 1 <= _WIDTH:
        return line
    inner = " " * (indent + 4)
    lines = [inner]
    for item in items:
        piece = f"{_in_lines(item, indent + 4, 0)},"
        if lines[-1] != inner and (nested or len(lines[-1]) + len(piece) >= _WIDTH):
            lines.append(inner)
        lines[-1] += piece if lines[-1] == inner else f" {piece}"
    return "\n".join([f"{head}{{", *lines, f"{' ' * indent}}}"])


def _whole_line(use: SyntaxNode, text: str) -> Edit:
    """The edit that removes a declaration, with its attributes and its line."""
    first = use
    while (earlier := first.prev()) is not None and earlier.kind() == "attribute_item":
        first = earlier
    place = Span(span(first).start, span(use).end)
    start, end = text.rfind("\n", 0, place.start) + 1, text.find("\n", place.end)
    alone = not text[start : place.start].strip() and not text[place.end : end if end >= 0 else len(text)].strip()
    if alone:
        return Edit(start, end + 1 if end >= 0 else len(text), "")
    return Edit(place.start, place.end + len(text[place.end :]) - len(text[place.end :].lstrip(" ")), "")
