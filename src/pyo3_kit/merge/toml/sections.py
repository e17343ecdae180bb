"""Where whole tables of the template go in the user's text: behind the table that they follow in the template."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyo3_kit.merge.toml.nodes import (
    Document,
    Node,
    Section,
    Statement,
    Table,
    TableLike,
    Tables,
    Written,
    statements_of,
)
from pyo3_kit.merge.toml.splices import Splices
from pyo3_kit.merge.toml.values import inline, quoted


@dataclass(slots=True)
class NewElement:
    """An element for an array of tables, between two that are there."""

    array: Tables
    node: Node
    previous: Node | None
    following: Node | None


@dataclass(slots=True)
class Sections:
    """Inserts sections. `gone` holds the `id` of the statements that go, `twins` ours of the template's headers."""

    ours: Document
    theirs: Document
    splices: Splices
    gone: set[int]
    twins: dict[int, Table] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)

    def table(self, node: Node) -> None:
        """Insert a table with all that is in it."""
        statements = statements_of(node)
        first = next(each for each in statements if each.kind != "pair")
        self.place(first, (1, statements[0].start), self._chunk(statements))

    def place(self, first: Statement, order: tuple[int, int], chunk: str) -> None:
        """Insert sections of the template that begin with a header."""
        path = first.path
        headers = [section.header for section in self.theirs.sections if section.header]
        place = headers.index(first)
        for header in reversed(headers[:place]):
            twin = self._present_twin(header)
            if twin is not None:
                at = self._behind(twin, header.path, path)
                blank = blanks(self.theirs.text, first.lead) if first.lead else "\n"
                self.splices.insert(at, order, (blank if self.ours.text[:at].strip() else "") + chunk)
                return
        for header in headers[place + 1 :]:
            twin = self._present_twin(header)
            if twin is not None:
                self.splices.insert(twin.lead, order, f"{chunk}\n")
                return
        text = self.ours.text
        if self.ours.sections[0].pairs or not text.strip():
            last = self.ours.sections[0].pairs[-1].end if self.ours.sections[0].pairs else len(text)
            self.splices.insert(last, order, f"\n{chunk}" if text[:last].strip() else chunk)
        else:
            self.splices.insert(len(text), order, f"\n{chunk}")

    def _present_twin(self, header: Statement) -> Statement | None:
        twin = self.twins.get(id(header))
        if twin is None or twin.header is None or id(twin.header) in self.gone:
            return None
        return twin.header

    def _behind(self, anchor: Statement, sibling: tuple[str, ...], path: tuple[str, ...]) -> int:
        """The end of the section of `anchor`, and of those below its table and beside the new one's."""
        shared = 0
        while shared < min(len(sibling), len(path)) and sibling[shared] == path[shared]:
            shared += 1
        top = anchor.path[: shared + 1]
        sections = self.ours.sections
        number = anchor.section.number
        if len(top) > shared:
            while number + 1 < len(sections) and sections[number + 1].path[: len(top)] == top:
                number += 1
        return self._end(sections[number])

    def _end(self, section: Section) -> int:
        """Behind the last line of a section, with comments that follow it directly."""
        last = section.pairs[-1] if section.pairs else section.header
        if last is None:
            return 0
        at, text = last.end, self.ours.text
        following = self.ours.sections[section.number + 1 :]
        limit = following[0].header.lead if following and following[0].header else len(text)
        while at < limit and text[at:].lstrip(" \t").startswith("#"):
            at = text.index("\n", at) + 1
        return at

    def _chunk(self, statements: list[Statement]) -> str:
        """The template's text of statements, with the comments between those that follow each other."""
        text = self.theirs.text
        numbers = {id(each): number for number, each in enumerate(self.theirs.statements)}
        runs: list[tuple[Statement, Statement]] = []
        for each in statements:
            if runs and numbers[id(each)] == numbers[id(runs[-1][1])] + 1:
                runs[-1] = (runs[-1][0], each)
            else:
                runs.append((each, each))
        return "\n".join(text[first.lead : last.end] for first, last in runs)

    def element(self, new: NewElement) -> None:
        """Insert an element of an array of tables."""
        statements = statements_of(new.node)
        if statements:
            chunk = self._chunk(statements)
            blank = blanks(self.theirs.text, statements[0].lead) if statements[0].lead else "\n"
        else:
            top = f"[[{'.'.join(quoted(part) for part in new.array.path)}]]\n"
            entries = new.node.entries if isinstance(new.node, TableLike) else {}
            chunk = top + "".join(f"{quoted(key)} = {inline(child)}\n" for key, child in entries.items())
            blank = "\n"
        # Two for the same place come in the order of the result, which need not be the template's.
        number = max(position(new.node), self.last.get(id(new.array), -1) + 1)
        self.last[id(new.array)] = number
        order = (1, number)
        if new.previous is not None:
            at = max(each.end for each in statements_of(new.previous))
            self.splices.insert(at, order, blank + chunk)
        else:
            following = new.following or new.array.items[0]
            self.splices.insert(statements_of(following)[0].lead, order, f"{chunk}\n")


def position(node: Node) -> int:
    """Where a value is in its text."""
    statements = statements_of(node)
    if statements:
        return statements[0].start
    return node.start if isinstance(node, Written) else 0


def blanks(text: str, at: int) -> str:
    """The blank lines before a place."""
    count = 0
    while at - count >= 2 and text[at - count - 2 : at - count] == "\n\n":
        count += 1
    return "\n" * count


def indentation(text: str, statement: Statement) -> str:
    """The white space before a statement."""
    line = text[statement.start : statement.end]
    return line[: len(line) - len(line.lstrip(" \t"))]
