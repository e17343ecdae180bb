"""Where the template's new keys, tables and elements go in the user's text: beside their siblings in the template."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from pyo3_kit.merge.toml.nodes import (
    Document,
    Node,
    Section,
    Statement,
    Table,
    TableLike,
    Tables,
    has_header,
    statements_of,
)
from pyo3_kit.merge.toml.sections import NewElement, Sections, blanks, indentation, position
from pyo3_kit.merge.toml.splices import Splices
from pyo3_kit.merge.toml.values import inline, quoted


@dataclass(slots=True)
class _New:
    parent: Table
    theirs: Node | None
    key: str
    node: Node


class Places:
    """Collects what is new, and inserts it once it is known what goes (`gone`, by the `id` of statements)."""

    def __init__(self, ours: Document, theirs: Document, splices: Splices) -> None:
        self.ours = ours
        self.theirs = theirs
        self.splices = splices
        self.gone: set[int] = set()
        self.sections = Sections(ours, theirs, splices, self.gone)
        self.new: list[_New] = []
        self.elements: list[NewElement] = []

    def twin(self, theirs: Table, ours: Table) -> None:
        """Say that a table of the template and one of the user's are the same."""
        if theirs.header is not None:
            self.sections.twins[id(theirs.header)] = ours

    def add(self, parent: Table, theirs: Node | None, key: str, node: Node) -> None:
        """A key that is new in a table of ours; `theirs` is that table in the template."""
        self.new.append(_New(parent, theirs, key, node))

    def add_element(self, array: Tables, node: Node, previous: Node | None, following: Node | None) -> None:
        """An element that is new in an array of tables of ours, between two that are there."""
        self.elements.append(NewElement(array, node, previous, following))

    def insert(self) -> None:
        """Make the insertions."""
        homeless: dict[int, list[_New]] = {}
        for new in self.new:
            if has_header(new.node) and not new.parent.prefix:
                self.sections.table(new.node)
            elif new.parent.home is None:
                homeless.setdefault(id(new.parent), []).append(new)
            else:
                self._pair(new, new.parent.home)
        for group in homeless.values():
            self._header(group)
        for element in self.elements:
            self.sections.element(element)

    def _pair(self, new: _New, home: Section) -> None:
        siblings = list(new.theirs.entries) if isinstance(new.theirs, TableLike) else []
        place = siblings.index(new.key) if new.key in siblings else len(siblings)
        order = (0, position(new.node))
        for sibling in reversed(siblings[:place]):
            if present := self._present_siblings(new.parent, sibling, home):
                anchor = self._past_sorted(new, home, present[-1], siblings)
                blank = self._blank_before(new, sibling) if anchor is present[-1] else ""
                self.splices.insert(anchor.end, order, blank + self._lines(new, indentation(self.ours.text, anchor)))
                return
        for sibling in siblings[place + 1 :]:
            if present := self._present_siblings(new.parent, sibling, home):
                anchor = self._before_sorted(new, home, present[0], siblings)
                self.splices.insert(anchor.lead, order, self._lines(new, indentation(self.ours.text, anchor)))
                return
        present = [pair for pair in home.pairs if id(pair) not in self.gone]
        if present:
            anchor = _first_behind(present, (*new.parent.path, new.key)) or present[-1]
            at = anchor.end if anchor is present[-1] and anchor.path < (*new.parent.path, new.key) else anchor.lead
            if not _is_sorted(present):
                at = present[-1].end
            self.splices.insert(at, order, self._lines(new, indentation(self.ours.text, anchor)))
        elif home.header is not None:
            self.splices.insert(home.header.end, order, self._lines(new, indentation(self.ours.text, home.header)))
        else:
            at = _top(self.ours.text)
            gap = "\n" if self.ours.text[at:].strip() and not self.ours.text.startswith("\n", at) else ""
            self.splices.insert(at, order, self._lines(new, "") + gap)

    def _present_siblings(self, parent: Table, key: str, home: Section) -> list[Statement]:
        node = parent.entries.get(key)
        if node is None:
            return []
        return [
            each
            for each in statements_of(node)
            if each.kind == "pair" and each.section is home and id(each) not in self.gone
        ]

    def _past_sorted(self, new: _New, home: Section, anchor: Statement, siblings: list[str]) -> Statement:
        """Go past keys that the user added, as long as the alphabetical order is kept by it."""
        depth = len(new.parent.path)
        place = home.pairs.index(anchor) + 1
        while place < len(home.pairs):
            after = home.pairs[place]
            name, last = after.path[depth : depth + 1], anchor.path[depth : depth + 1]
            own = name and name[0] not in siblings and id(after) not in self.gone
            if not own or after.lead != anchor.end or not (last <= name < (new.key,)):
                break
            anchor, place = after, place + 1
        return anchor

    def _before_sorted(self, new: _New, home: Section, anchor: Statement, siblings: list[str]) -> Statement:
        depth = len(new.parent.path)
        place = home.pairs.index(anchor) - 1
        while place >= 0:
            before = home.pairs[place]
            name = before.path[depth : depth + 1]
            own = name and name[0] not in siblings and id(before) not in self.gone
            if not own or before.end != anchor.lead or not ((new.key,) < name <= anchor.path[depth : depth + 1]):
                break
            anchor, place = before, place - 1
        return anchor

    def _blank_before(self, new: _New, sibling: str) -> str:
        """The blank lines that set a new key apart from the one before it in the template."""
        statements = statements_of(new.node)
        if not statements or not isinstance(new.theirs, Table):
            return ""
        siblings = list(new.theirs.entries)
        if siblings.index(new.key) - siblings.index(sibling) != 1:
            return ""
        return blanks(self.theirs.text, statements[0].lead)

    def _lines(self, new: _New, indent: str) -> str:
        prefix = new.parent.prefix
        statements = [] if has_header(new.node) else statements_of(new.node)
        if not statements or not isinstance(new.theirs, Table):
            key = ".".join((*prefix, quoted(new.key)))
            return f"{indent}{key} = {inline(new.node)}\n"
        lines = []
        for statement in statements:
            text = self.theirs.text
            keys = statement.keys[len(new.theirs.path) - len(statement.path) :]
            comments = [f"{indent}{line.strip()}\n" for line in text[statement.lead : statement.start].splitlines()]
            value = statement.value.raw if statement.value else ""
            rest = text[statement.comment_at : statement.end]
            lines.append(f"{''.join(comments)}{indent}{'.'.join((*prefix, *keys))} = {value}{rest}")
        return "".join(lines)

    def _header(self, group: list[_New]) -> None:
        """Give a table that only its subtables make a header, for keys of its own."""
        parent, theirs = group[0].parent, group[0].theirs
        header = theirs.header if isinstance(theirs, Table) else None
        if header is not None:
            top = self.theirs.text[header.lead : header.end]
        else:
            top = f"[{'.'.join(quoted(part) for part in parent.path)}]\n"
        body = "".join(self._lines(new, "") for new in group)
        present = [each for each in statements_of(parent) if id(each) not in self.gone]
        order = (1, position(group[0].node))
        if present:
            self.splices.insert(present[0].lead, order, f"{top}{body}\n")
        elif header is not None:
            self.sections.place(header, order, top + body)
        else:
            self.splices.insert(len(self.ours.text), order, f"\n{top}{body}")


def _first_behind(statements: list[Statement], path: tuple[str, ...]) -> Statement | None:
    return next((each for each in statements if each.path > path), None)


def _is_sorted(statements: list[Statement]) -> bool:
    return all(one.path < other.path for one, other in itertools.pairwise(statements))


def _top(text: str) -> int:
    """Behind the comment that a file begins with, when a blank line ends it."""
    at = 0
    while text.startswith("#", at):
        at = text.index("\n", at) + 1
    return at + 1 if at and text.startswith("\n", at) else 0
