"""YAML as a tree whose every part knows its place in the text.

The tree comes from the parser's events, not from its nodes: those lose aliases, and the data loses everything that a
person wrote. Nothing is resolved: an alias stays an alias, a merge key a key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from pyo3_kit.merge.yaml.layout import column, lay_out
from pyo3_kit.texts.bounds import check_yaml

Plain = tuple[Any, ...]
"""What a node means, whatever it is written like; the order of a mapping means nothing."""

# The parsers count these as line breaks, editors do not; tabs have no column that people agree on.
_ODD = re.compile("[\r\x85\u2028\u2029\ufeff]|^ *\t", re.MULTILINE)


class NotUnderstood(Exception):  # noqa: N818 (it is no failure: another way of merging takes over)
    """The text is no YAML, or a kind of it that is not merged by key."""


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
        """Itself as it stands there, with the comments in it."""
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
        """The value as it stands there."""
        return self.text[self.start : self.end]

    @property
    def plain(self) -> Plain:
        """What it means."""
        if self._plain is None:
            self._plain = plain_of(self, [(entry.name, entry.value.plain) for entry in self.entries])
        return self._plain

    @property
    def column(self) -> int:
        """Where the entries of a block stand."""
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
    """What `node` means when `inner` is what stands in it."""
    if node.kind == "map":
        return ("map", node.anchor, node.tag, tuple(sorted(inner, key=lambda pair: pair[0])))
    if node.kind == "list":
        return ("list", node.anchor, node.tag, tuple(value for _, value in inner))
    return (node.kind, node.anchor, node.tag, node.value)


def parse(text: str) -> list[Document]:
    """The documents of a text that ends with a line feed; `NotUnderstood` unless all of it is understood."""
    import yaml

    if _ODD.search(text):
        raise NotUnderstood
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        check_yaml(text)
        reader = _Reader(text, yaml.parse(text, Loader=loader))
        documents = reader.documents()
        for document in documents:
            if document.root is not None:
                lay_out(document.root, document.start)
    except (yaml.YAMLError, RecursionError, ValueError, LookupError) as error:
        raise NotUnderstood from error
    return documents


class _Reader:
    def __init__(self, text: str, events: Iterator[Any]) -> None:
        from yaml.resolver import Resolver

        self.text = text
        self.events = events
        self.resolve: Callable[..., str] = Resolver().resolve
        self.anchors: set[str] = set()

    def documents(self) -> list[Document]:
        found: list[Document] = []
        next(self.events)
        while (event := next(self.events)).__class__.__name__ == "DocumentStartEvent":
            self.anchors.clear()
            # The start of what follows `---`, or of the file.
            start = self._line_after(event.end_mark.index) if event.explicit else (found[-1].end if found else 0)
            root = self._node(next(self.events))
            end = next(self.events)
            empty = root.kind == "scalar" and root.start == root.end
            found.append(Document(None if empty else root, start, end.start_mark.index))
        return found

    def _line_after(self, at: int) -> int:
        line_end = self.text.index("\n", at)
        rest = self.text[at:line_end].strip()
        if rest and not rest.startswith("#"):
            raise NotUnderstood
        return line_end + 1

    def _node(self, event: Any) -> Node:
        kind = event.__class__.__name__
        start, end = event.start_mark.index, event.end_mark.index
        if kind == "AliasEvent":
            if event.anchor not in self.anchors:
                raise NotUnderstood
            return Node("alias", self.text, start, end, value=event.anchor)
        if event.anchor:
            # A name given twice makes the meaning of an alias hang on its place.
            if event.anchor in self.anchors:
                raise NotUnderstood
            self.anchors.add(event.anchor)
        if kind == "ScalarEvent":
            return self._scalar(event, start, end)
        node = Node("map" if kind == "MappingStartEvent" else "list", self.text, start, end, anchor=event.anchor)
        node.tag = event.tag or ""
        node.flow = bool(event.flow_style)
        if node.kind == "map":
            self._fill_map(node)
        else:
            self._fill_list(node)
        return node

    def _scalar(self, event: Any, start: int, end: int) -> Node:
        style = event.style or ""
        if style in ("|", ">"):
            end = self._block_end(start, end)
        tag = event.tag
        if not tag or tag == "!":
            import yaml

            implicit = (True, False) if not style and not tag else (False, True)
            tag = self.resolve(yaml.ScalarNode, event.value, implicit)
        return Node("scalar", self.text, start, end, event.value, tag, event.anchor, style)

    def _block_end(self, start: int, end: int) -> int:
        """The end of a block scalar's last line; without the blank lines after it, unless they count."""
        source = self.text[start:end]
        head = source.partition("\n")[0].partition(" #")[0]
        source = source[: source.rfind("\n")] if "\n" in source else source
        if "+" not in head:
            source = re.sub(r"(\n *)+\Z", "", source)
        return start + len(source)

    def _fill_map(self, node: Node) -> None:
        names: set[str] = set()
        while (event := next(self.events)).__class__.__name__ != "MappingEndEvent":
            key = self._node(event)
            # A set in braces has no colons, and a complex key no name.
            if key.kind != "scalar" or "\n" in key.source or key.value in names or key.start == key.end:
                raise NotUnderstood
            names.add(key.value)
            colon = re.compile(r"\s*:").match(self.text, key.end)
            if colon is None:
                raise NotUnderstood
            node.entries.append(Entry(key.start, colon.end(), key, self._node(next(self.events))))
        node.end = event.end_mark.index

    def _fill_list(self, node: Node) -> None:
        at = node.start
        while (event := next(self.events)).__class__.__name__ != "SequenceEndEvent":
            value = self._node(event)
            start = value.start if node.flow else self._dash(at, value.start)
            body = start if node.flow else start + 1
            node.entries.append(Entry(start, body, None, value))
            at = _last(value)
        node.end = event.end_mark.index

    def _dash(self, at: int, before: int) -> int:
        """The place of the dash of an item that begins at `before` or later, searched from `at`."""
        for found in re.compile(r"[^\S\n]*(#[^\n]*|&\S+|!\S*|-|\n)").finditer(self.text, at, before + 1):
            if found[1] == "-":
                return found.start(1)
        raise NotUnderstood


def _last(node: Node) -> int:
    if node.is_block and node.entries:
        return _last(node.entries[-1].value)
    return node.end
