"""JSON, JSONC and JSON5 as trees that know their places in the text."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pyo3_kit.texts.bounds import load_json

_DEEPEST = 200
_TOKEN = re.compile(
    r"""
    (?P<gap> (?: \s+ | //[^\n]* | /\*.*?\*/ )+ )
    | (?P<mark> [{}\[\],:] )
    | (?P<string> "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\(?:.|\n))*' )
    | (?P<word> [^\s{}\[\],:"'/]+ )
    """,
    re.VERBOSE | re.DOTALL,
)


class Unreadable(Exception):  # noqa: N818 (an outcome that callers expect)
    """The text is not JSON in any of its forms, or nested too deeply."""


@dataclass(eq=False)
class Value:
    """A value at `text[start:end]`; of an object or array with its members."""

    kind: Literal["object", "array", "scalar"]
    text: str
    start: int
    end: int
    members: list[Member] = field(default_factory=list)

    @property
    def source(self) -> str:
        """The text of the value."""
        return self.text[self.start : self.end]

    @cached_property
    def plain(self) -> Hashable:
        """What the value means: equal for values that differ in form only; the order of keys does not count."""
        if self.kind == "object":
            return "object", frozenset((member.key, member.value.plain) for member in self.members)
        if self.kind == "array":
            return "array", tuple(member.value.plain for member in self.members)
        return _scalar(self.source)

    def get(self, key: str) -> Value | None:
        """The value at a key of an object."""
        return next((member.value for member in self.members if member.key == key), None)


@dataclass(eq=False)
class Member:
    """An entry of an object, or an item of an array (`key` is empty), from `start` up to the value's end.

    `mark` is where the bracket or comma before it is.
    """

    key: str
    start: int
    value: Value
    mark: int
    comma: int | None = None
    """Where the comma behind it is."""


def read(text: str) -> Value:
    """The one value of a text; `Unreadable` for anything else, and where an object has a key twice."""
    reader = _Reader(text)
    value = reader.value(0)
    if reader.kind != "end":
        raise Unreadable
    return value


def str_of(value: Value) -> str | None:
    """The text that a string means; None for other values."""
    if value.kind != "scalar" or value.source[0] not in "\"'":
        return None
    _, text = _scalar(value.source)
    return text if isinstance(text, str) else None


def _scalar(source: str) -> tuple[str, Hashable]:
    if source.startswith("'"):
        source = '"' + source[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
    try:
        value = load_json(source)
    except ValueError:
        return "word", source
    # `True == 1` in Python, and not in JSON.
    return type(value).__name__, value


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.kind = self.word = ""
        self.start = self.end = 0
        self.next()

    def next(self) -> None:
        while True:
            match = _TOKEN.match(self.text, self.at)
            if match is None:
                if self.at < len(self.text):
                    raise Unreadable
                self.kind, self.word, self.start = "end", "", self.at
                return
            self.at = match.end()
            if match.lastgroup != "gap":
                self.kind, self.word, self.start = str(match.lastgroup), match[0], match.start()
                return

    def value(self, depth: int) -> Value:
        if depth > _DEEPEST:
            raise Unreadable
        start = self.start
        if self.kind in ("string", "word"):
            self.end = self.at
            self.next()
            return Value("scalar", self.text, start, self.end)
        if self.word not in ("{", "["):
            raise Unreadable
        keyed = self.word == "{"
        found = Value("object" if keyed else "array", self.text, start, start)
        close = "}" if keyed else "]"
        mark = start
        self.next()
        while self.word != close:
            found.members.append(self.member(depth, mark, keyed=keyed))
            if self.word == ",":
                found.members[-1].comma = mark = self.start
                self.next()
            elif self.word != close:
                raise Unreadable
        self.end = found.end = self.at
        if keyed and len({member.key for member in found.members}) < len(found.members):
            raise Unreadable
        self.next()
        return found

    def member(self, depth: int, mark: int, *, keyed: bool) -> Member:
        start, key = self.start, ""
        if keyed:
            if self.kind not in ("string", "word"):
                raise Unreadable
            key = str(_scalar(self.word)[1]) if self.kind == "string" else self.word
            self.next()
            if self.word != ":":
                raise Unreadable
            self.next()
        return Member(key, start, self.value(depth + 1), mark)
