"""Turns decisions into edits of the user's text."""

from __future__ import annotations

from pyo3_kit.merge.toml.comments import carry_loose, comments_in, merged_lead
from pyo3_kit.merge.toml.decisions import Decision, Elements, Keep, Merge, Take
from pyo3_kit.merge.toml.nodes import (
    Document,
    Node,
    Statement,
    Table,
    TableLike,
    Tables,
    Written,
    has_header,
    statements_of,
)
from pyo3_kit.merge.toml.placement import Places
from pyo3_kit.merge.toml.sections import indentation
from pyo3_kit.merge.toml.splices import Splices
from pyo3_kit.merge.toml.values import rewritten


class Editor:
    """Writes the decisions for three documents into the text of ours."""

    def __init__(self, documents: tuple[Document, Document, Document], *, comments: bool = True) -> None:
        self.base, self.ours, self.theirs = documents
        self.comments = comments
        self.splices = Splices(self.ours.text)
        self.places = Places(self.ours, self.theirs, self.splices)

    def text(self, decision: Merge) -> str:
        """The merged text. Raises `Overlap`."""
        self._table(self.base.root, self.ours.root, self.theirs.root, decision.entries)
        if self.comments:
            carry_loose((self.base, self.ours, self.theirs), self.splices, self.places.gone)
        self.places.insert()
        return self.splices.result()

    def _table(self, b: Node | None, o: Table, t: Node | None, decisions: dict[str, Decision] | None) -> None:
        before = b.entries if isinstance(b, TableLike) else {}
        now = t.entries if isinstance(t, TableLike) else {}
        if isinstance(t, Table):
            self.places.twin(t, o)
            if o.header is not None:
                self._comment(b.header if isinstance(b, Table) else None, o.header, t.header)
        for key, child in o.entries.items():
            decision = Keep(child) if decisions is None else decisions.get(key)
            if decision is None:
                self._remove(before.get(key), child)
            else:
                self._node(o, t, key, (before.get(key), child, now.get(key)), decision)
        for key, decision in (decisions or {}).items():
            if key not in o.entries and isinstance(decision, Take):
                self.places.add(o, t, key, decision.node)

    def _node(
        self, parent: Table, parent_t: Node | None, key: str, nodes: tuple[Node | None, Node, Node | None], d: Decision
    ) -> None:
        b, o, t = nodes
        disputed = isinstance(d, Keep) and d.disputed
        if isinstance(d, Take) and (not isinstance(o, Written) or has_header(d.node) or isinstance(d.node, Table)):
            self._remove(b, o)
            self.places.add(parent, parent_t, key, d.node)
        elif isinstance(o, Table):
            self._table(None if disputed else b, o, t, d.entries if isinstance(d, Merge) else None)
        elif isinstance(o, Tables):
            self._tables(b, o, t, d)
        elif o.statement is not None:
            statement = o.statement
            indent = indentation(self.ours.text, statement)
            self.splices.replace(o.start, o.end, rewritten(d, b, o, t, indent))
            if isinstance(t, Written) and not disputed:
                self._comment(b.statement if isinstance(b, Written) else None, statement, t.statement)

    def _tables(self, b: Node | None, o: Tables, t: Node | None, decision: Decision) -> None:
        if not isinstance(decision, Elements):
            theirs = t.items if isinstance(t, Tables) else []
            before = b.items if isinstance(b, Tables) else []
            # All of them stay, so only comments can differ; those of elements with the same data belong together.
            for table in o.items:
                same_t = next((each for each in theirs if each.data == table.data), None)
                same_b = next((each for each in before if each.data == table.data), None)
                self._table(same_b, table, same_t, None)
            return
        stays = {id(item.group.ours) for item in decision.items if item.group.ours}
        for group in decision.groups:
            if group.ours is not None and id(group.ours) not in stays:
                self._remove(group.base.nodes[0] if group.base else None, group.ours.nodes[0])
        previous: Node | None = None
        following = [item.group.ours.nodes[0] for item in decision.items if item.group.ours]
        for item in decision.items:
            group = item.group
            sides = (group.base, group.ours, group.theirs)
            b_node, o_node, t_node = (each.nodes[0] if each else None for each in sides)
            if isinstance(o_node, Table):
                inner = item.decision
                disputed = isinstance(inner, Keep) and inner.disputed
                decisions = inner.entries if isinstance(inner, Merge) else None
                self._table(None if disputed else b_node, o_node, t_node, decisions)
                previous = o_node
                following = following[1:]
            elif t_node is not None:
                self.places.add_element(o, t_node, previous, following[0] if following else None)

    def _remove(self, b: Node | None, o: Node) -> None:
        text = self.ours.text
        known = {each for statement in _statements(b) for each in comments_in(self.base.text, statement)}
        for statement in statements_of(o):
            self.places.gone.add(id(statement))
            own = [each for each in comments_in(text, statement) if each not in known] if self.comments else []
            if own:
                self.splices.replace(statement.lead, statement.end, "".join(f"{each}\n" for each in own))
            else:
                self.splices.remove(statement.lead, statement.end)

    def _comment(self, b: Statement | None, o: Statement, t: Statement | None) -> None:
        if b is None or t is None or not self.comments:
            return
        text = self.ours.text
        lead = merged_lead(_lead(self.base, b), _lead(self.ours, o), _lead(self.theirs, t))
        if lead is not None:
            indent = indentation(text, o)
            self.splices.replace(o.lead, o.start, "".join(f"{indent}{each}\n" for each in lead))
        if o.comment == b.comment != t.comment:
            theirs = self.theirs.text[t.comment_at : t.end - 1].rstrip() if t.comment else ""
            self.splices.replace(o.comment_at, o.end - 1, theirs)


def _statements(node: Node | None) -> list[Statement]:
    return [] if node is None else statements_of(node)


def _lead(document: Document, statement: Statement) -> list[str]:
    return [line.strip() for line in document.text[statement.lead : statement.start].splitlines()]
