"""Cuts a TOML document into statements, comments and values, each with its place in the text.

tomlkit is not used for this. It has no public way to insert after a key, groups dotted keys anew, loses the comments of
what it deletes, and takes more than half a second for 2,000 lines. A merge that only replaces, removes and inserts
pieces of the user's text needs to know where they are, and nothing else. `parse_toml` says what a text means.
"""

from __future__ import annotations

import re
from typing import Any

from pyo3_kit.merge.toml import policy
from pyo3_kit.merge.toml.nodes import (
    Array,
    Cell,
    Data,
    Document,
    Inline,
    Loose,
    Scalar,
    Section,
    Short,
    Statement,
    Table,
    Tables,
    Written,
)
from pyo3_kit.texts.toml import TomlError, parse_toml

_PART = re.compile(r""""(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+""")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_BLANK = re.compile(r"[ \t]*")
_TRIVIA = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_COMMENT = re.compile(r"[ \t]*(#[^\n]*)")
_STRING = re.compile(
    r'''"""(?:[^"\\]|\\[\s\S]|"(?!""))*"{3,5}|\'\'\'(?:[^']|'(?!''))*'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\''''
)
_BARE = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]+|[^\s,\]}#]+")


class Unreadable(Exception):  # noqa: N818 (said as it is raised)
    """A text that is not TOML, or that this reader does not understand."""


def load(path: str, text: str) -> Data:
    """What a document means, in strictly comparable form, with the shorthands that its file knows written out.

    Raises `Unreadable`.
    """
    try:
        value = parse_toml(text)
    except TomlError as error:
        raise Unreadable(str(error)) from None
    return _written_out(policy.shorthands(path), (), canonical(value))


def canonical(value: Any) -> Data:
    """A value of a TOML text in a form that `==` compares strictly."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {key: canonical(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [canonical(inner) for inner in value]
    return (type(value).__name__, repr(value))


def read(path: str, text: str) -> Document:
    """Cut up a document that ends in a newline. Raises `Unreadable`."""
    data = load(path, text)
    try:
        document = _Reader(path, text).document()
    except (IndexError, AttributeError, KeyError, RecursionError) as error:
        raise Unreadable(repr(error)) from None
    if document.root.data != data:
        raise Unreadable("read in two ways")
    return document


def _written_out(shorthands: policy.Shorthands, path: tuple[str, ...], data: Data) -> Data:
    if isinstance(data, dict):
        return {key: _written_out(shorthands, (*path, key), value) for key, value in data.items()}
    if isinstance(data, str) and (key := shorthands(path)):
        return {key: data}
    return data


class _Reader:
    def __init__(self, path: str, text: str) -> None:
        self.text = text
        self.shorthands = policy.shorthands(path)
        self.root = Table(())
        self.sections = [Section(0)]
        self.root.home = self.sections[0]
        self.statements: list[Statement] = []

    def document(self) -> Document:
        text, position, lead = self.text, 0, -1
        table = self.root
        self.loose: list[Loose] = []
        while position < len(text):
            start = position
            position = _end(_BLANK, text, position)
            if position >= len(text):
                break
            character = text[position]
            if character == "\n":
                if lead >= 0:
                    self._set_loose(lead, start)
                position, lead = position + 1, -1
            elif character == "#":
                lead = start if lead < 0 else lead
                position = text.index("\n", position) + 1
            else:
                statement = Statement("pair", (), (), start if lead < 0 else lead, start, 0, "", 0, self.sections[-1])
                if character == "[":
                    position, table = self._header(statement, position)
                else:
                    position = self._pair(statement, position, table)
                position = self._line_end(statement, position)
                self.statements.append(statement)
                lead = -1
        if lead >= 0:
            self._set_loose(lead, len(text))
        return Document(text, self.root, self.sections, self.statements, self.loose)

    def _set_loose(self, start: int, end: int) -> None:
        previous = self.statements[-1] if self.statements else None
        self.loose.append(Loose(start, end, self.text[start:end], self.sections[-1], previous))

    def _line_end(self, statement: Statement, position: int) -> int:
        statement.comment_at = position
        if comment := _COMMENT.match(self.text, position):
            statement.comment = comment[1]
            position = comment.end()
        statement.end = self.text.index("\n", position) + 1
        if self.text[position : statement.end].strip():
            raise Unreadable(self.text[position : statement.end])
        return statement.end

    def _header(self, statement: Statement, position: int) -> tuple[int, Table]:
        double = self.text.startswith("[[", position)
        position, statement.keys, statement.path = self._key(position + (2 if double else 1))
        position = _end(_BLANK, self.text, position)
        statement.kind = "tables" if double else "table"
        statement.section = Section(len(self.sections), statement)
        self.sections.append(statement.section)
        parent = self.root
        for depth, name in enumerate(statement.path[:-1], 1):
            parent = _step(parent, name, statement.path[:depth])
        name = statement.path[-1]
        if double:
            tables = parent.entries.setdefault(name, Tables(statement.path))
            if not isinstance(tables, Tables):
                raise Unreadable(name)
            table = Table(statement.path)
            tables.items.append(table)
        else:
            table = _step(parent, name, statement.path)
        table.header, table.home, table.prefix = statement, statement.section, ()
        return position + (2 if double else 1), table

    def _pair(self, statement: Statement, position: int, table: Table) -> int:
        position, statement.keys, names = self._key(position)
        position = _end(_BLANK, self.text, _end(_BLANK, self.text, position) + 1)
        statement.section.pairs.append(statement)
        statement.path = (*statement.section.path, *names)
        for depth, name in enumerate(names[:-1], 1):
            table = _step(table, name, (*statement.section.path, *names[:depth]))
            if table.home is None:
                table.home, table.prefix = statement.section, statement.keys[:depth]
        value: Written = self._value(position, statement)
        end = value.end
        if isinstance(value, Scalar) and isinstance(value.data, str) and (key := self.shorthands(statement.path)):
            value = Short(value.raw, value.start, value.end, statement, key, value)
        table.entries[names[-1]] = statement.value = value
        return end

    def _key(self, position: int) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
        keys = []
        position = _end(_BLANK, self.text, position)
        while True:
            part = _PART.match(self.text, position)
            if part is None:
                raise Unreadable(self.text[position : position + 20])
            keys.append(part[0])
            dot = _DOT.match(self.text, part.end())
            if dot is None:
                return part.end(), tuple(keys), tuple(_name(key) for key in keys)
            position = dot.end()

    def _value(self, position: int, statement: Statement | None = None) -> Written:
        character = self.text[position]
        if character == "[":
            cells, tail, end = self._cells(position + 1, "]")
            data: Data = [cell.value.data for cell in cells]
            return Array(self.text[position:end], position, end, statement, cells, tail, data)
        if character == "{":
            cells, tail, end = self._cells(position + 1, "}")
            raw = self.text[position:end]
            if any(not cell.name for cell in cells):
                # Dotted keys in braces: such a table is one value.
                return Scalar(raw, position, end, statement, _meaning(raw))
            return Inline(raw, position, end, statement, cells, tail, {cell.name: cell.value.data for cell in cells})
        match = (_STRING if character in "\"'" else _BARE).match(self.text, position)
        if match is None:
            raise Unreadable(self.text[position : position + 20])
        return Scalar(match[0], position, match.end(), statement, _scalar(match[0]))

    def _cells(self, position: int, close: str) -> tuple[list[Cell], str, int]:
        text = self.text
        cells: list[Cell] = []
        while True:
            start, position = position, _end(_TRIVIA, text, position)
            if text[position] == close:
                return cells, text[start:position], position + 1
            lead, key, equals = text[start:position], "", ""
            names: tuple[str, ...] = ("",)
            if close == "}":
                begin = position
                position, _, names = self._key(position)
                key, begin = text[begin:position], position
                position = _end(_BLANK, text, _end(_BLANK, text, position) + 1)
                equals = text[begin:position]
            value = self._value(position)
            name = names[0] if len(names) == 1 else ""
            after = _end(_TRIVIA, text, value.end)
            comma = text[after] == ","
            position = after + 1 if comma else value.end
            comment = _COMMENT.match(text, position)
            position = comment.end() if comment else position
            post = text[value.end : after] if comma else ""
            cells.append(Cell(lead, value, post, comma, comment[0] if comment else "", key, equals, name))
            if not comma and text[_end(_TRIVIA, text, position)] != close:
                raise Unreadable(text[position : position + 20])


def _step(table: Table, name: str, path: tuple[str, ...]) -> Table:
    child = table.entries.get(name)
    if child is None:
        child = table.entries[name] = Table(path)
    if isinstance(child, Tables):
        return child.items[-1]
    if not isinstance(child, Table):
        raise Unreadable(name)
    return child


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _name(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    return str(_meaning(key)) if key[0] == '"' else key


def _scalar(raw: str) -> Data:
    if raw[0] == '"' and "\\" not in raw and raw[:3] != '"""':
        return raw[1:-1]
    if raw.isdigit():
        return ("int", raw)
    return _meaning(raw)


def _meaning(raw: str) -> Data:
    return canonical(parse_toml(f"x = {raw}\n")["x"])
