"""What a TOML document is made of: values that know where their text is, and the statements that hold them.

`data` is a value in a form that `==` compares strictly: strings are themselves, other scalars the pair of their type
and their representation (so that `1`, `1.0` and `true` differ), arrays are lists, tables are dictionaries.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

Data: TypeAlias = Any


@dataclass(eq=False, slots=True)
class Statement:
    """A header, or `key = value`.

    `path` is the whole path from the root, `keys` the parts of the key as they are written. The text from `lead` to
    `start` is the comment block directly above, `end` is behind the line's newline. `comment` is the one at its end.
    """

    kind: str  # "pair", "table" or "tables"
    path: tuple[str, ...]
    keys: tuple[str, ...]
    lead: int
    start: int
    end: int
    comment: str
    comment_at: int
    section: Section
    value: Written | None = None


@dataclass(eq=False, slots=True)
class Section:
    """A header with the pairs below it; the first one of a document has no header."""

    number: int
    header: Statement | None = None
    pairs: list[Statement] = field(default_factory=list)

    @property
    def path(self) -> tuple[str, ...]:
        """The header's path."""
        return self.header.path if self.header else ()


@dataclass(eq=False, slots=True)
class Value:
    """A value that is written in one place; `raw` is its text there, from `start` to `end`."""

    raw: str
    start: int
    end: int
    statement: Statement | None


@dataclass(eq=False, slots=True)
class Scalar(Value):
    """A string, number, truth value or date."""

    data: Data


@dataclass(eq=False, slots=True)
class Cell:
    """An element of an array or an inline table, with what is around it.

    `lead` is the text before it (white space, comment lines), `post` what is between it and its comma, `trail` the
    comment behind it on the same line. `key` and `equals` are empty in an array.
    """

    lead: str
    value: Written
    post: str
    comma: bool
    trail: str
    key: str = ""
    equals: str = ""
    name: str = ""


@dataclass(eq=False, slots=True)
class Array(Value):
    """An array in brackets; `tail` is what is before the closing one."""

    cells: list[Cell]
    tail: str
    data: Data

    @property
    def items(self) -> list[Node]:
        """The elements."""
        return [cell.value for cell in self.cells]


@dataclass(eq=False, slots=True)
class Inline(Value):
    """A table in braces."""

    cells: list[Cell]
    tail: str
    data: Data

    @property
    def entries(self) -> dict[str, Node]:
        """The values by their keys."""
        return {cell.name: cell.value for cell in self.cells}


@dataclass(eq=False, slots=True)
class Short(Value):
    """A scalar that is short for a table of one key, as the version of a Cargo dependency does."""

    key: str
    scalar: Scalar

    @property
    def entries(self) -> dict[str, Node]:
        """The values by their keys."""
        return {self.key: self.scalar}

    @property
    def data(self) -> Data:
        """The value."""
        return {self.key: self.scalar.data}


@dataclass(eq=False, slots=True)
class Table:
    """A table made by headers, dotted keys or both.

    `home` is the section that its keys are in, `prefix` what they begin with there; no home when only the headers of
    its subtables make it.
    """

    path: tuple[str, ...]
    entries: dict[str, Node] = field(default_factory=dict)
    header: Statement | None = None
    home: Section | None = None
    prefix: tuple[str, ...] = ()
    cached: Data = None

    @property
    def data(self) -> Data:
        """The value."""
        if self.cached is None:
            self.cached = {key: node.data for key, node in self.entries.items()}
        return self.cached


@dataclass(eq=False, slots=True)
class Tables:
    """An array of tables made by `[[headers]]`."""

    path: tuple[str, ...]
    items: list[Table] = field(default_factory=list)

    @property
    def data(self) -> Data:
        """The value."""
        return [item.data for item in self.items]


Written: TypeAlias = Scalar | Array | Inline | Short
Node: TypeAlias = Scalar | Array | Inline | Short | Table | Tables
TableLike: TypeAlias = Inline | Short | Table
ListLike: TypeAlias = Array | Tables


@dataclass(eq=False, slots=True)
class Loose:
    """A block of comments that belongs to nothing else: a blank line, or the end of the document, follows it."""

    start: int
    end: int
    text: str
    section: Section
    previous: Statement | None


@dataclass(eq=False, slots=True)
class Document:
    """A whole text, cut up."""

    text: str
    root: Table
    sections: list[Section]
    statements: list[Statement]
    loose: list[Loose]


def statements_of(node: Node) -> list[Statement]:
    """All statements that make a value, in the order of the text."""
    found: list[Statement] = []
    _collect(node, found)
    return sorted(found, key=lambda statement: statement.start)


def _collect(node: Node, found: list[Statement]) -> None:
    if isinstance(node, Table):
        if node.header is not None:
            found.append(node.header)
        for child in node.entries.values():
            _collect(child, found)
    elif isinstance(node, Tables):
        for item in node.items:
            _collect(item, found)
    elif node.statement is not None:
        found.append(node.statement)


def has_header(node: Node) -> bool:
    """Whether a section's header is part of what makes a value."""
    return isinstance(node, (Table, Tables)) and any(each.kind != "pair" for each in statements_of(node))
