"""Rust as tokens, for what has no syntax tree: texts, and what is in an attribute's parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r'r(#*)"[\s\S]*?"\1|b?"(?:[^"\\]|\\[\s\S])*"|b?\'(?:[^\'\\]|\\.)\'|//[^\n]*|/\*[\s\S]*?\*/|[\s\S]')
_WORDS = re.compile(
    r'\bb?r(#*)"[\s\S]*?"\1|"(?:[^"\\]|\\[\s\S])*"|\'(?:[^\'\\\n]|\\[^\'\n]+|\\\')\'|//[^\n]*|/\*[\s\S]*?\*/'
)
_SIGN = re.compile(r"[^\n]")
_OPEN = {"(": ")", "[": "]", "{": "}"}


def without_words(text: str) -> str:
    """Rust without its comments and literals; the lines stay."""
    return _TOKEN.sub(lambda token: token[0] if len(token[0]) == 1 else "\n" * token[0].count("\n"), text)


def blank_words(text: str) -> str:
    """Rust with spaces for its comments and literals, so that all else stays in its place."""
    return _WORDS.sub(lambda token: _SIGN.sub(" ", token[0]), text)


def split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The places of what commas separate between `start` and `end`, whatever nests in it; empty pieces are left out."""
    depth, begin = 0, start
    for token in _TOKEN.finditer(text, start, end):
        piece = token[0]
        if piece in _OPEN:
            depth += 1
        elif piece in _OPEN.values():
            depth -= 1
        elif piece == "," and not depth:
            if text[begin : token.start()].strip():
                yield begin, token.start()
            begin = token.end()
    if text[begin:end].strip():
        yield begin, end
