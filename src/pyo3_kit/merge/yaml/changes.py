"""What a merge makes of the user's text: changes and conflicts, recorded one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyo3_kit.merge.model import Conflict, Labels
from pyo3_kit.merge.yaml import writing
from pyo3_kit.merge.yaml.edits import Change, Insert, Meaning, Remove
from pyo3_kit.merge.yaml.nodes import Entry, Node
from pyo3_kit.merge.yaml.restyle import Restyle
from pyo3_kit.merge.yaml.sides import below, shown
from pyo3_kit.texts.edits import Edit


@dataclass(slots=True)
class Changes:
    """The `changes` of ours and the `conflicts` of one merge."""

    path: str
    labels: Labels
    restyle: Restyle
    part_by_part: set[int] = field(default_factory=set)
    """Entries of ours, by their start, that cannot be taken from the template in one piece."""
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def conflict(self, key: str, base: Entry | None, ours: Entry | None, theirs: Entry | None) -> None:
        """Ours stays, and a conflict is reported."""
        self.conflicts.append(Conflict(self.path, key, None, shown(base), shown(ours), shown(theirs)))

    def edit(self, key: str, edits: list[Edit], *meanings: Meaning, **sides: Entry | None) -> None:
        """Ours changes; `sides` is what would conflict if it cannot."""
        texts = {side: shown(entry) for side, entry in sides.items()}
        base, ours, theirs = (texts.get(side) for side in ("base", "ours", "theirs"))
        self.changes.append(Change(key, edits, list(meanings), base, ours, theirs))

    def change(self, key: str, parent: Node, gone: Sequence[Entry], new: Sequence[tuple[Entry | None, Entry]]) -> None:
        """Take entries out of `parent` and put the template's in, each behind one that stays (None: at the start)."""
        if gone and len(gone) == len(parent.entries) and (new or not parent.flow):
            for entry in gone:
                self.conflict(below(key, entry), entry, entry, None)
            for _, entry in new:
                self.conflict(below(key, entry), None, None, entry)
            return
        if gone and not parent.flow:
            self._close_up(key, parent, gone)
        if gone and len(gone) == len(parent.entries):
            inside = Edit(parent.start + 1, parent.end - 1, "")
            self.edit(key, [inside], *(Remove(parent, entry.value) for entry in gone), ours=gone[0])
        elif gone:
            for one in gone if not parent.flow and gone[0] is not parent.entries[0] else [None]:
                some = [one] if one else gone
                meanings = [Remove(parent, entry.value) for entry in some]
                self.edit(below(key, some[0]), writing.removed(parent, some), *meanings, base=some[0], ours=some[0])
        behind: dict[int | None, list[tuple[Entry | None, Entry]]] = {}
        for after, entry in new:
            behind.setdefault(id(after) if after else None, []).append((after, entry))
        for group in behind.values():
            after = group[0][0]
            added = [entry for _, entry in group]
            inserts = [Insert(parent, after.value if after else None, one.name, one.value.plain) for one in added]
            edits = writing.inserted(parent, after, added, self.restyle)
            self.edit(below(key, added[0]), edits, *inserts, theirs=added[0])

    def _close_up(self, key: str, parent: Node, gone: Sequence[Entry]) -> None:
        """No blank line above what comes to be the first."""
        stays = next(entry for entry in parent.entries if entry not in gone)
        blank = re.compile(r"( *\n)*").match(parent.text, stays.gap)
        if stays is parent.entries[0] or blank is None or not blank[0]:
            return
        if not any(
            place.start < blank.end() and stays.gap < place.end for change in self.changes for place in change.edits
        ):
            self.edit(key, [Edit(stays.gap, blank.end(), "")])
