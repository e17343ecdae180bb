"""Reads YAML from the parser's events, which keep aliases and places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from pyo3_kit.merge.yaml.layout import lay_out
from pyo3_kit.merge.yaml.nodes import Document, Entry, Node, NotUnderstood
from pyo3_kit.texts.bounds import check_yaml

# The parsers count these as line breaks, editors do not; tabs have no column that people agree on.
_ODD = re.compile("[\r\x85\u2028\u2029\ufeff]|^ *\t", re.MULTILINE)


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
