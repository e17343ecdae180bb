"""Merges TOML documents by key.

The data of the three sides are merged first (`decisions`), then the template's changes are written into the user's text
piece by piece (`edits`), so that all else in it stays as it is. What comes out is read again and has to mean what was
decided: a change of which that cannot be said is left out and reported as a conflict.
"""

from __future__ import annotations

from pyo3_kit.merge.model import Labels, Merged
from pyo3_kit.merge.toml.decisions import Decider, Keys, Merge, data_of
from pyo3_kit.merge.toml.edits import Editor
from pyo3_kit.merge.toml.nodes import Document
from pyo3_kit.merge.toml.reader import Unreadable, load, read
from pyo3_kit.merge.toml.untouched import brought_forward
from pyo3_kit.texts.edits import Overlap

__all__ = ["merge"]


def merge(path: str, base: str, ours: str, theirs: str, labels: Labels) -> Merged | None:
    """One document out of three, which always parses: where the sides disagree ours stays and a conflict says so.

    None when one of the texts is not TOML.
    """
    del labels
    if ours in (base, theirs):
        return Merged(theirs)
    if theirs == base:
        return Merged(ours)
    try:
        documents = read(path, _ended(base)), read(path, _ended(ours)), read(path, _ended(theirs))
    except Unreadable:
        return None
    merged = _Attempts(path, documents).merged()
    if ours.endswith("\n") or not merged.text.endswith("\n") or merged.text == theirs:
        return merged
    return Merged(merged.text[:-1], merged.conflicts)


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


class _Attempts:
    def __init__(self, path: str, documents: tuple[Document, Document, Document]) -> None:
        self.path = path
        self.given = self.documents = documents

    def merged(self) -> Merged:
        decided = self.decide(set())
        forward = brought_forward(self.path, self.documents)
        if forward is not None:
            before, self.documents = self.documents, (self.documents[0], forward, self.documents[2])
            again = self.decide(set())
            if data_of(again[1]) == data_of(decided[1]) and _keys(again[0]) == _keys(decided[0]):
                decided = again
            else:
                self.documents = before
        for comments in (True, False):
            if (found := self.written(*decided, comments=comments)) is not None:
                return found
        refused = set(decided[0].changes)
        self.accept(decided[0].changes, refused)
        return self.attempt(refused) or self.untouched()

    def untouched(self) -> Merged:
        """Ours as it is, with all of the template's changes as conflicts."""
        self.documents = self.given
        changes = self.decide(set())[0].changes
        return Merged(self.documents[1].text, tuple(self.decide(set(changes))[0].conflicts))

    def accept(self, changes: list[Keys], refused: set[Keys]) -> None:
        """Take as many of the refused changes back as can be written."""
        less = refused.difference(changes)
        if self.attempt(less) is not None:
            refused.intersection_update(less)
        elif len(changes) > 1:
            middle = len(changes) // 2
            self.accept(changes[:middle], refused)
            self.accept(changes[middle:], refused)

    def decide(self, refused: set[Keys]) -> tuple[Decider, Merge]:
        decider = Decider(self.path, self.documents, refused)
        return decider, decider.root()

    def attempt(self, refused: set[Keys]) -> Merged | None:
        return self.written(*self.decide(refused), comments=False)

    def written(self, decider: Decider, decision: Merge, *, comments: bool) -> Merged | None:
        """The merged text, when it means what was decided."""
        try:
            text = Editor(self.documents, comments=comments).text(decision)
            if load(self.path, text) != data_of(decision):
                return None
        except (Overlap, Unreadable):
            return None
        return Merged(text, tuple(decider.conflicts))


def _keys(decider: Decider) -> list[str]:
    return sorted(str(conflict.key) for conflict in decider.conflicts)
