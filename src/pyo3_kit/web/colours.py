"""Source code with colours: a file as lines of words with the name of a class for each."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_for_filename
from pygments.lexers.special import TextLexer
from pygments.token import Comment, Keyword, Literal, Name, Number, String, _TokenType
from pygments.util import ClassNotFound

Line = list[tuple[str, str]]

_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "c"),
    (Keyword, "k"),
    (String, "s"),
    (Number, "n"),
    (Literal, "s"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Tag, "k"),
    (Name.Attribute, "f"),
    (Name.Decorator, "f"),
    (Name.Builtin, "f"),
)
_LIMIT = 150_000


def coloured(path: str, text: str) -> list[Line]:
    """The lines of a file. Large files, and those of unknown kinds, have no colours."""
    lexer: Lexer = _lexer(path.rpartition("/")[2]) if len(text) <= _LIMIT else TextLexer()
    lines: list[Line] = [[]]
    for kind, words in lexer.get_tokens(text):
        name = _class_of(kind)
        first, *more = words.split("\n")
        if first:
            lines[-1].append((name, first))
        for part in more:
            lines.append([(name, part)] if part else [])
    while lines and not lines[-1]:
        lines.pop()
    return lines


@lru_cache(maxsize=512)
def _class_of(kind: Any) -> str:
    return next((name for parent, name in _CLASSES if kind in parent), "")


@lru_cache(maxsize=64)
def _lexer(name: str) -> Lexer:
    known = {"Cargo.lock": "x.toml", ".gitignore": "x.sh", "rust-toolchain": "x.toml", "justfile": "Makefile"}
    try:
        return get_lexer_for_filename(known.get(name, name), stripnl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False)
