"""Conflicts while a text is being put together: their markers carry a sign until their lines are known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pyo3_kit.merge.kinds import Kind, kind_of
from pyo3_kit.merge.lines import Region, join_regions, regions, split
from pyo3_kit.merge.model import Conflict, Labels, Merged
from pyo3_kit.merge.reformatting import reformatted
from pyo3_kit.merge.untangling import untangled

SIGN = "\0"
_MARKER = re.compile(r"\0(\d+)([<|=>])")


class Clash(Exception):  # noqa: N818 (said as it is raised)
    """Both sides changed this; the caller has to compare whole lines."""


@dataclass
class Conflicts:
    """Merges whole lines and keeps what conflicts."""

    path: str
    labels: Labels
    found: list[Conflict] = field(default_factory=list)

    def merge(self, base: str, ours: str, theirs: str) -> str:
        """Three texts of whole lines without their last line feeds, merged; signed markers are put at conflicts."""
        parts = regions(split(_ended(base)), split(_ended(ours)), split(_ended(theirs)))
        kind = kind_of(self.path)
        apart = [each for part in parts for each in untangled(kind, reformatted(kind, part))]
        return self._signed(join_regions(self.path, apart, self.labels))

    def add(self, base: str, ours: str, theirs: str) -> str:
        """The same three texts against each other, whatever their lines are."""
        sides = [tuple(split(_ended(text))) for text in (base, ours, theirs)]
        return self._signed(join_regions(self.path, [Region("conflict", *sides)], self.labels))

    def _signed(self, merged: Merged) -> str:
        lines = split(merged.text)
        for conflict in merged.conflicts:
            assert conflict.line is not None
            at = conflict.line - 1
            for mark, text in (("<", conflict.ours), ("|", conflict.base), ("=", conflict.theirs), (">", "")):
                lines[at] = f"{SIGN}{len(self.found)}{mark}{lines[at]}"
                at += 1 + len(split(text or ""))
            self.found.append(conflict)
        return "".join(lines).removesuffix("\n")

    def finished(self, text: str) -> Merged:
        """The text without signs, and the conflicts that are in it with their lines."""
        conflicts: list[Conflict] = []
        for number, line in enumerate(split(text), start=1):
            sign = _MARKER.match(line)
            if sign and sign[2] == "<":
                conflicts.append(replace(self.found[int(sign[1])], line=number))
        return Merged(_MARKER.sub("", text), tuple(conflicts))


def in_format_of(kind: Kind, base: str, ours: str, theirs: str) -> str:
    """Whole lines that only theirs changed, in the format of ours as far as that is possible."""
    parts = regions(split(_ended(base)), split(_ended(ours)), split(_ended(theirs)))
    parts = [reformatted(kind, part) for part in parts]
    lines = (line for part in parts for line in (part.theirs if part.kind == "conflict" else part.merged))
    return "".join(lines).removesuffix("\n")


def settled(text: str) -> str:
    """A text with signed markers as it is when every conflict is settled for ours."""
    kept: list[str] = []
    inside = ""
    for line in split(text):
        sign = _MARKER.match(line)
        if sign:
            inside = "" if sign[2] == ">" else sign[2]
        elif inside in ("", "<"):
            kept.append(line)
    return "".join(kept)


def _ended(text: str) -> str:
    return f"{text}\n" if text else ""
