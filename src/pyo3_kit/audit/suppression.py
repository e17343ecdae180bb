"""Comments that silence findings: `// pyo3-kit: ignore[PYO021] reason`, after `#` in TOML and YAML.

A comment at the end of a line applies to that line. On its own line it applies to the next line of code, or,
with attributes, to the item after them. `ignore-file[…]` applies to the whole file, and accepts `ALL` too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

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

    listed: list[Suppression] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)
    """Comments that cannot be understood: line and why."""

    def __bool__(self) -> bool:
        return bool(self.listed)

    def covers(self, rule: str, text: str, span: Span) -> bool:
        """Whether a comment silences a finding of this rule there."""
        line = text.count("\n", 0, span.start) + 1
        found = False
        for one in self.listed:
            if one.rules & {rule, ALL} and (one.lines is None or line in one.lines):
                one.used.add(rule)
                found = True
        return found

    def unused(self, ran: set[str]) -> Iterator[tuple[int, str]]:
        """Line and reason of each comment that cannot be understood, or that silenced nothing of the rules that ran."""
        yield from self.wrong
        for one in self.listed:
            for rule in sorted(one.rules & ran - one.used):
                yield one.line, f"`ignore[{rule}]` silences nothing here; remove it"


def read_suppressions(path: str, text: str) -> Suppressions:
    """The comments of a file."""
    found = Suppressions()
    if "pyo3-kit:" not in text:
        return found
    from pyo3_kit.audit.registry import rule_ids

    sign = "//" if path.endswith(".rs") else "#"
    lines = text.split("\n")
    for mark in _MARK.finditer(text):
        line = text.count("\n", 0, mark.start()) + 1
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
        alone = not text[text.rfind("\n", 0, mark.start()) + 1 : mark.start()].strip()
        spoken = None if whole else _below(lines, line) if alone else range(line, line + 1)
        found.listed.append(Suppression(line, frozenset(names) - frozenset(unknown), spoken))
    return found


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
