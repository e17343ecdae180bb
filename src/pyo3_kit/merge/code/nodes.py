"""What a source file is made of, as far as merging is concerned.

A file is a tree of nodes. Every node has its exact text, and its tokens: two nodes with the same tokens differ in
their formatting only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leaf:
    """Text with nothing inside that could be merged by name; `lines`: it consists of whole lines."""

    text: str
    tokens: tuple[str, ...]
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that always follow one another: a function's name, its parameters, its result, its body."""

    text: str
    tokens: tuple[str, ...]
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """Elements with names of their own, on their own lines: a file, the body of an `impl`, attributes and an item."""

    text: str
    tokens: tuple[str, ...]
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a list is: its line's indentation, the column it begins at, how much follows it on its last line."""

    indent: str
    column: int
    rest: int


@dataclass(frozen=True, slots=True)
class Style:
    """How a list is written: its brackets, whether a single name has none, and how wide a line may be."""

    brackets: tuple[str, str]
    bare: bool = False
    width: int = 100
    filled: bool = False
    step: str = "    "
    comma: str = ","


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with commas. `ordered`: the order means something, so two additions at the same place are a conflict."""

    text: str
    tokens: tuple[str, ...]
    elements: tuple[Element, ...]
    place: Position
    style: Style
    ordered: bool = False
    plain: bool = False
    """Whether it is written without its brackets."""

    @property
    def upright(self) -> bool:
        """Whether every element is on a line of its own."""
        return bool(self.elements) and all("\n" in element.gap for element in self.elements)


Node = Leaf | Group | Body | Listing


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a body or a list.

    `keys` name it among its siblings, from the plainest name to the most exact one; the next is used where the one
    before is not unique. `gap` is the white space before it. `order` is what a sorted run is sorted by, `family` what
    has no blank line inside. `before` and `after` are the comments above and behind an element of a list.
    """

    keys: tuple[str, ...]
    kind: str
    node: Node
    gap: str = ""
    order: tuple[str, ...] = ()
    family: str = ""
    before: str = ""
    after: str = ""

    @property
    def tokens(self) -> tuple[str, ...]:
        """The element's tokens with those of its comments."""
        return (*self.before.split(), *self.node.tokens, *self.after.split())

    @property
    def blank_lines(self) -> int:
        """How many blank lines are before it."""
        return max(0, self.gap.count("\n") - 1)


def joined(elements: Sequence[Element]) -> str:
    """The text of the elements of a body."""
    return "".join(f"{element.gap}{element.node.text}" for element in elements)
