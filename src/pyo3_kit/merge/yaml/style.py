"""The template's texts in the quotes and the spacing of braces that a formatter gave the user's file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pyo3_kit.merge.yaml.nodes import Document, Node, NotUnderstood
from pyo3_kit.merge.yaml.reader import parse
from pyo3_kit.texts.edits import Edit, apply_edits

_MOSTLY = 0.8
"""As many of the values in a quote have to have come to another one."""
_PLAIN = re.compile(r"[A-Za-z0-9_./~<>=^-][^,\[\]{}#:\n'\"]*")
_WORDS = re.compile(r"(?i)true|false|yes|no|on|off|y|n|null|~|[-+.]?\d[\d._:xobeE+-]*")

_Path = tuple[str | int, ...]


def in_style_of(base: str, ours: str, theirs: str) -> tuple[str, str]:
    """`base` and `theirs` in the quotes and spaced braces of ours, where these are not the base's any more."""
    try:
        before, mine = (dict(_nodes(parse(text))) for text in (base, ours))
        if not before or not mine:
            return base, theirs
        common = [(node, mine[path]) for path, node in before.items() if path in mine and mine[path].kind == node.kind]
        quotes = _changed((b.style, o.style) for b, o in common if b.kind == "scalar" and b.value == o.value)
        spaces = _changed((_padding(b), _padding(o)) for b, o in common if b.flow and o.flow and b.kind == "map")
        if not quotes and not spaces:
            return base, theirs
        written = [_restyled(text, quotes, spaces) for text in (base, theirs)]
    except NotUnderstood:
        return base, theirs
    return written[0], written[1]


def _changed(styles: Iterator[tuple[str, str]]) -> dict[str, str]:
    """What became of most values of a style, where that is another one."""
    votes: dict[str, Counter[str]] = {}
    for old, new in styles:
        votes.setdefault(old, Counter())[new] += 1
    most = {old: found.most_common(1)[0] for old, found in votes.items()}
    return {
        old: new for old, (new, count) in most.items() if new != old and old and count >= _MOSTLY * votes[old].total()
    }


def _restyled(text: str, quotes: dict[str, str], spaces: dict[str, str]) -> str:
    documents = parse(text)
    edits: list[Edit] = []
    for _, node in _nodes(documents):
        new = quotes.get(node.style) if node.kind == "scalar" else None
        if new is not None and (written := _quoted(node, new)) is not None:
            edits.append(Edit(node.start, node.end, written))
        padding = spaces.get(_padding(node)) if node.flow and node.kind == "map" and node.entries else None
        if padding is not None:
            opened, closed = text.index("{", node.start) + 1, node.end - 1
            inner = text[opened:closed]
            pad = "" if padding == "none" else " "
            edits.append(Edit(opened, opened + len(inner) - len(inner.lstrip(" ")), pad))
            edits.append(Edit(closed - len(inner) + len(inner.rstrip(" ")), closed, pad))
    styled = apply_edits(text, edits)
    same = [_plain(one) == _plain(other) for one, other in zip(parse(styled), documents, strict=True)]
    return styled if all(same) else text


def _plain(document: Document) -> object:
    return document.root.plain if document.root else None


def _padding(node: Node) -> str:
    """Whether a mapping in braces has a space inside of them; empty where it has none or is on several lines."""
    source = node.source
    if not node.flow or node.kind != "map" or not node.entries or "\n" in source:
        return ""
    return "space" if source[source.index("{") + 1] == " " else "none"


def _quoted(node: Node, style: str) -> str | None:
    """The source of a quoted value in another quote, or in none; None where it has to stay."""
    source = node.source
    if not source.startswith(node.style) or "\n" in source or {"'", '"', "\\"} & set(node.value):
        return None
    if style in ("'", '"'):
        return f"{style}{node.value}{style}"
    safe = _PLAIN.fullmatch(node.value) and node.value == node.value.strip() and not _WORDS.fullmatch(node.value)
    return node.value if safe and not style else None


def _nodes(documents: Sequence[Document]) -> Iterator[tuple[_Path, Node]]:
    stack: list[tuple[_Path, Node]] = [((i,), document.root) for i, document in enumerate(documents) if document.root]
    while stack:
        path, node = stack.pop()
        yield path, node
        for i, entry in enumerate(node.entries):
            stack.append(((*path, entry.name or i), entry.value))
