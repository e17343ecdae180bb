"""Edits of a file's form alone: another indentation, blanks and quotes, as a formatter with other settings leaves them.

They are not changes to merge. The template's two texts are brought into the form of ours first, line by line, so that
only what means something is left as a difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pyo3_kit.merge.kinds import Kind
from pyo3_kit.merge.lines import split
from pyo3_kit.merge.matching import pairs
from pyo3_kit.merge.reformatting import quoted_alike

_KINDS: frozenset[Kind] = frozenset({"rust", "python", "lines", "make", "just", "xml", "markdown"})
"""The kinds that are merged by lines; the others are merged by meaning, which no form changes."""

_BULLET = re.compile(r"\s*[-*+](?=\s)")
_DASHES = re.compile(r"-+")
_ENOUGH = 0.7
"""As much of the template's lines has to be in ours, or the file was rewritten and not only formatted."""


def in_form_of(kind: Kind, base: str, ours: str, theirs: str) -> tuple[str, str]:
    """`base` and `theirs` in the form of `ours`; as they are where ours has the template's form.

    That is so too where the user's lines are indented in a way that is not the same everywhere: code that was moved
    into a block has another meaning.
    """
    if kind not in _KINDS:
        return base, theirs
    before, mine, after = split(base), split(ours), split(theirs)
    written: dict[int, str] = {}
    indents: dict[str, str] = {"": ""}
    count = sum(1 for line in before if line.strip())
    for i, j in pairs([_core(kind, line) for line in before], [_core(kind, line) for line in mine]):
        if not before[i].strip():
            continue
        old, new = _indent(before[i]), _indent(mine[j])
        if indents.setdefault(old, new) != new:
            return base, theirs
        written[i] = mine[j]
    changed = any(before[i] != line for i, line in written.items())
    if not changed or len(written) < _ENOUGH * count or len(set(indents.values())) < len(indents):
        return base, theirs
    write = _writer(kind, theirs, before, mine, written)
    styled = [written.get(i, _indented(line, indents)) for i, line in enumerate(before)]
    same = dict(pairs(after, before))
    if sum(1 for _ in pairs(after, mine)) > len(same):
        # The template came to have the form of ours.
        return "".join(styled), theirs
    other: list[str] = []
    for k, line in enumerate(after):
        other.append(styled[same[k]] if k in same else write(_indented(line, indents), other[-1] if other else ""))
    return "".join(styled), "".join(other)


def _core(kind: Kind, line: str) -> str:
    """A line without its form."""
    text = "".join(line.split())
    if kind == "markdown":
        text = _DASHES.sub("-", text) if text.startswith("|") else _BULLET.sub("-", line, count=1)
        return "".join(text.split()).replace("_", "*")
    return text.replace("'", '"') if kind == "python" else text


def _writer(
    kind: Kind, theirs: str, before: Sequence[str], mine: Sequence[str], written: dict[int, str]
) -> Callable[[str, str], str]:
    """Writes a new line of the template like those of ours: in its quotes, with its bullets, in its columns."""
    changed = [(before[i], line) for i, line in written.items() if before[i] != line]
    if kind == "python":
        quoted = quoted_alike(theirs, [old for old, _ in changed], [new for _, new in changed])
        return lambda line, _: quoted(line)
    if kind != "markdown":
        return lambda line, _: line
    bullets = {match[0]: _BULLET.match(new) for old, new in changed if (match := _BULLET.match(old))}

    def write(line: str, above: str) -> str:
        bullet = _BULLET.match(line)
        if bullet and (new := bullets.get(bullet[0])):
            return new[0] + line[bullet.end() :]
        rows = [row.strip().split("|")[1:-1] for row in (line, above)]
        if line.startswith("|") and above in mine and above not in before and len(rows[0]) == len(rows[1]):
            cells = (f" {cell.strip()} ".ljust(len(other)) for cell, other in zip(*rows, strict=True))
            return f"|{'|'.join(cells)}|\n"
        return line

    return write


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _indented(line: str, indents: dict[str, str]) -> str:
    """A line of the template in the indentation of ours, which may be deeper than any that both have."""
    old = _indent(line)
    if not line.strip() or old in indents:
        return indents[old] + line[len(old) :] if line.strip() else line
    known: Sequence[str] = sorted((indent for indent in indents if indent and old.startswith(indent)), key=len)
    if not known:
        return line
    unit, rest = known[0], old.removeprefix(known[-1])
    levels, odd = divmod(len(rest), len(unit))
    return indents[known[-1]] + indents[unit] * levels + " " * odd + line[len(old) :]
