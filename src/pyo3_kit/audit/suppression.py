"""Comments that silence findings: `// pyo3-kit: ignore[PYO021] reason`, after `#` in TOML and YAML.

A comment at the end of a line applies to that line. On its own line it applies to the next line of code, or,
with attributes, to the item after them. `ignore-file[…]` applies to the whole file, and accepts `ALL` too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from pyo3_kit.texts.edits import Span

_MARK = re.compile(r"(//+!?|#)[ \t]*pyo3-kit:[ \t]*(ignore(?:-file)?)\b[ \t]*(?:\[([^\]\n]*)\])?([^\n]*)")
ALL = "ALL"
_SKIPPED = re.compile(r"[ \t]*(?://|#(?!\[)|$)")
_ATTRIBUTE = re.compile(r"[ \t]*#!?\[")


@dataclass
class Suppression:
    """One comment; `lines` are those it applies to, None for the whole file. `rules` may be `ALL` alone."""

    line: int
    rules: frozenset[str]
    lines: range | None
    used: set[str] = field(default_factory=set)


@dataclass
class Suppressions:
    """The comments of one file."""

    starts: list[int] = field(default_factory=list)
    """Where the lines of the file begin."""
    listed: list[Suppression] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)
    """Comments that cannot be understood: line and why."""

    _by_line: dict[int, list[Suppression]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.listed)

    def covers(self, rule: str, span: Span) -> bool:
        """Whether a comment silences a finding of this rule there."""
        line = bisect_right(self.starts, span.start)
        found = False
        for one in self._of_line(line):
            if one.rules & {rule, ALL}:
                one.used.add(rule)
                found = True
        return found

    def _of_line(self, line: int) -> list[Suppression]:
        """The comments that apply to a line."""
        if not self._by_line:
            for one in self.listed:
                # Most apply to one line; the others are few.
                key = one.lines.start if one.lines is not None and len(one.lines) == 1 else 0
                self._by_line.setdefault(key, []).append(one)
        wide = [one for one in self._by_line.get(0, ()) if one.lines is None or line in one.lines]
        return [*wide, *self._by_line.get(line, ())]

    def unused(self, ran: set[str]) -> Iterator[tuple[int, str]]:
        """Line and reason of each comment that cannot be understood, or that silenced nothing of the rules that ran."""
        yield from self.wrong
        for one in self.listed:
            for rule in sorted(one.rules & ran - one.used):
                yield one.line, f"`ignore[{rule}]` silences nothing here; remove it"


def read_suppressions(path: str, text: str) -> Suppressions:
    """The comments of a file."""
    if "pyo3-kit:" not in text:
        return Suppressions()
    from pyo3_kit.audit.registry import rule_ids

    sign = "//" if path.endswith(".rs") else "#"
    lines = text.split("\n")
    found = Suppressions([0, *accumulate(len(line) + 1 for line in lines[:-1])])
    below = _Below(lines)
    for mark in _MARK.finditer(text):
        line = bisect_right(found.starts, mark.start())
        if not mark[1].startswith(sign):
            continue
        names = [name.strip() for name in (mark[3] or "").split(",") if name.strip()]
        whole = mark[2] == "ignore-file"
        if whole and names == [ALL]:
            found.listed.append(Suppression(line, frozenset({ALL}), None))
            continue
        unknown = [name for name in names if name not in rule_ids()]
        if not names:
            found.wrong.append((line, "`pyo3-kit: ignore` names no rule; write `ignore[PYO…] reason`"))
            continue
        found.wrong += [(line, f"`pyo3-kit: ignore` names `{name}`, and there is no such rule") for name in unknown]
        alone = not text[found.starts[line - 1] : mark.start()].strip()
        spoken = None if whole else below.of(line) if alone else range(line, line + 1)
        found.listed.append(Suppression(line, frozenset(names) - frozenset(unknown), spoken))
    return found


class _Below:
    """The lines that comments on their own lines apply to; consecutive comments apply to the same line."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._known: tuple[int, range] | None = None

    def of(self, line: int) -> range:
        """The next line of code; attributes are skipped up to the item that they belong to."""
        if self._known is None or not self._known[0] <= line < self._known[1].start:
            self._known = (line, _below(self._lines, line))
        return self._known[1]


def _below(lines: list[str], line: int) -> range:
    """The next line of code, including attributes up to their item."""
    at = line
    while at < len(lines) and _SKIPPED.match(lines[at]):
        at += 1
    first = at
    while at < len(lines) and (_ATTRIBUTE.match(lines[at]) or _SKIPPED.match(lines[at])):
        # An attribute may go over several lines.
        depth = 0
        while at < len(lines):
            depth += lines[at].count("[") + lines[at].count("(") - lines[at].count("]") - lines[at].count(")")
            at += 1
            if depth <= 0:
                break
    return range(first + 1, at + 2)
