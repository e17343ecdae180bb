"""YAML as a tree whose every part knows its place in the text.

The tree comes from the parser's events, not from its nodes: those lose aliases, and the data loses everything that a
person wrote. Nothing is resolved: an alias stays an alias, a merge key a key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Plain = tuple[Any, ...]
"""What a node means, whatever it is written like; the order of a mapping means nothing."""


class NotUnderstood(Exception):  # noqa: N818 (not a failure: another way of merging is used)
    """The text is not YAML, or a kind of it that is not merged by key."""


@dataclass(slots=True, eq=False)
class Entry:
    """A key with its value, or an item of a list.

    `gap` to `start` are the comments and blank lines before it, `start` to `end` is itself with the comments in and
    after it; `body` is where its value may begin, after the colon or the dash, and `close` is the end of its last line
    with content, comment included.
    """

    start: int
    body: int
    key: Node | None
    value: Node
    gap: int = 0
    close: int = 0
    end: int = 0
    first: bool = False

    @property
    def name(self) -> str:
        """Its key; of an item nothing."""
        return self.key.value if self.key else ""

    @property
    def text(self) -> str:
        """Itself as it is written there, with the comments in it."""
        return self.value.text[self.start : self.end]


@dataclass(slots=True, eq=False)
class Node:
    """A value; `start` to `end` is its source, without the comment behind it."""

    kind: Literal["scalar", "alias", "map", "list"]
    text: str
    start: int
    end: int
    value: str = ""
    tag: str = ""
    anchor: str | None = None
    style: str = ""
    flow: bool = False
    entries: list[Entry] = field(default_factory=list)
    _plain: Plain | None = None

    @property
    def source(self) -> str:
        """The value as it is written there."""
        return self.text[self.start : self.end]

    @property
    def plain(self) -> Plain:
        """What it means."""
        if self._plain is None:
            self._plain = plain_of(self, [(entry.name, entry.value.plain) for entry in self.entries])
        return self._plain

    @property
    def column(self) -> int:
        """Where the entries of a block are."""
        return column(self.text, self.entries[0].start)

    @property
    def is_block(self) -> bool:
        """Whether it is a mapping or list without brackets."""
        return self.kind in ("map", "list") and not self.flow


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: the value at its top, None where there is nothing, and where it starts and ends."""

    root: Node | None
    start: int
    end: int


def plain_of(node: Node, inner: list[tuple[str, Plain]]) -> Plain:
    """What `node` means when `inner` is inside it."""
    if node.kind == "map":
        return ("map", node.anchor, node.tag, tuple(sorted(inner, key=lambda pair: pair[0])))
    if node.kind == "list":
        return ("list", node.anchor, node.tag, tuple(value for _, value in inner))
    return (node.kind, node.anchor, node.tag, node.value)


def column(text: str, at: int) -> int:
    """How far from the start of its line a place is."""
    return at - (text.rfind("\n", 0, at) + 1)
