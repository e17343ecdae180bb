"""A source text with its syntax tree and its tokens."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pyo3_kit.merge.code.nodes import Group, Leaf, Node, Position
from pyo3_kit.rust.tree import SyntaxNode, span
from pyo3_kit.rust.tree import parse as parse_tree

Language = Literal["rust", "python"]

_ATOMS = {
    "string_literal",
    "raw_string_literal",
    "char_literal",
    "line_comment",
    "block_comment",
    "lifetime",
    "string",
    "comment",
}
_CLOSED_BY = {"(": ")", "[": "]", "{": "}"}
_WORD = re.compile(r"\w+\Z")
_QUOTED = re.compile(r"([a-zA-Z]*)'([^'\"\\\n]*)'\Z")
# fmt: off
_NO_CALLEE = frozenset({
    "and", "assert", "await", "del", "elif", "else", "for", "from", "if", "in", "is", "lambda", "match", "not", "or",
    "raise", "return", "while", "with", "yield",
})
# fmt: on


@dataclass(frozen=True, slots=True)
class Token:
    """A token with the place that it begins at."""

    start: int
    text: str


@dataclass(slots=True)
class Source:
    """A text that parses."""

    text: str
    language: Language
    root: SyntaxNode
    tokens: list[Token]
    starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.starts = [token.start for token in self.tokens]

    def between(self, start: int, end: int) -> tuple[str, ...]:
        """The tokens that begin in that stretch of the text."""
        low, high = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return tuple(token.text for token in self.tokens[low:high])

    def leaf(self, start: int, end: int, *, lines: bool = False) -> Leaf:
        """A stretch of the text as one leaf."""
        return Leaf(self.text[start:end], self.between(start, end), lines)

    def group(self, start: int, end: int, parts: Sequence[Node]) -> Group:
        """A stretch of the text that consists of `parts`."""
        return Group(self.text[start:end], self.between(start, end), tuple(parts))

    def line_start(self, place: int) -> int:
        """Where the line of that place begins."""
        return self.text.rfind("\n", 0, place) + 1

    def line_end(self, place: int) -> int:
        """Where the line of that place ends, before its line feed."""
        found = self.text.find("\n", place)
        return len(self.text) if found < 0 else found

    def begins_line(self, place: int) -> bool:
        """Whether only white space is before that place on its line."""
        return not self.text[self.line_start(place) : place].strip()

    def position(self, start: int, end: int) -> Position:
        """Where a list is."""
        line = self.line_start(start)
        indent = self.text[line:start]
        indent = indent[: len(indent) - len(indent.lstrip())]
        return Position(indent, start - line, self.line_end(end) - end)


def parse(text: str, language: Language) -> Source | None:
    """The text's tree and tokens; None when it has a syntax error."""
    root = parse_tree(text, language)
    found = list(_tokens(root, text, 0, language))
    if any(token is None for token in found):
        return None
    return Source(text, language, root, _without_last_commas([token for token in found if token], language))


def _tokens(node: SyntaxNode, text: str, at: int, language: Language) -> Iterator[Token | None]:
    """The tokens below a node from `at` on; a None among them is a syntax error."""
    kind = node.kind()
    start, end = span(node)
    if kind == "ERROR":
        yield None
        return
    if kind in _ATOMS:
        yield Token(start, _plain(text[start:end]))
        return
    children = node.children()
    if not children:
        if start == end and kind not in ("block", "module", "source_file"):
            yield None
        elif text[start:end].strip():
            yield Token(start, text[start:end])
        return
    python = language == "python"
    if python and kind == "block":
        yield Token(start, "\nindent")
    at = start
    for child in children:
        first, last = span(child)
        if text[at:first].strip():
            yield Token(at, text[at:first].strip())
        if child.kind() == "line_continuation" or (kind == "import_from_statement" and _bare(child)):
            at = last
            continue
        yield from _tokens(child, text, first, language)
        if python and kind in ("block", "module") and child.is_named() and child.kind() != "comment" and last > first:
            yield Token(last - 1, "\nend")
        at = max(at, last)
    if text[at:end].strip():
        yield Token(at, text[at:end].strip())
    if python and kind == "block":
        yield Token(max(start, end - 1), "\ndedent")


def _bare(part: SyntaxNode) -> bool:
    """Whether a part of an import is there only because of line breaks: brackets, and the last comma."""
    following = part.next()
    return part.kind() in ("(", ")") or (part.kind() == "," and following is not None and following.kind() == ")")


def _plain(text: str) -> str:
    """A string in double quotes where the quotes make no difference."""
    quoted = _QUOTED.match(text)
    return f'{quoted[1].lower()}"{quoted[2]}"' if quoted else text


def _without_last_commas(tokens: list[Token], language: Language) -> list[Token]:
    """The tokens without the commas before a closing bracket that mean nothing; a tuple's only comma stays."""
    kept: list[Token] = []
    stack: list[tuple[str, bool, int]] = []
    for i, token in enumerate(tokens):
        text = token.text
        if text in _CLOSED_BY:
            before = tokens[i - 1].text if i else ""
            called = before in (")", "]", "!") or (_WORD.search(before) is not None and before not in _NO_CALLEE)
            stack.append((text, called, 0))
        elif text in (")", "]", "}") and stack:
            opener, called, commas = stack.pop()
            if kept and kept[-1].text == "," and (commas > 1 or _idle(opener, called, language)):
                kept.pop()
        elif text == "," and stack:
            opener, called, commas = stack[-1]
            stack[-1] = (opener, called, commas + 1)
        kept.append(token)
    return kept


def _idle(opener: str, called: bool, language: Language) -> bool:
    """Whether a single trailing comma makes no difference: in a call, and in what cannot be a tuple."""
    if opener == "(":
        return called
    return opener == "{" or language == "rust" or not called
