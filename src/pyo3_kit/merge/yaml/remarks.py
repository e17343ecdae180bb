"""Comments of three sides, merged: they are not data, but still somebody's work."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.merge.lines import regions
from pyo3_kit.merge.yaml.layout import comments
from pyo3_kit.merge.yaml.nodes import Entry

VERSION = re.compile(r"#\s*(?:tag\s*=\s*)?v?\d[\w.+-]*\s*$")
"""The comment after an action's SHA, which moves with it."""


def behind(entry: Entry) -> str:
    """The comment behind an entry's value or, where its value starts on the next line, behind its key; or nothing."""
    text, value = entry.value.text, entry.value
    if entry.close <= value.end and not value.is_block:
        return ""
    if value.is_block:
        line = text[entry.body : text.index("\n", entry.body)]
        first = value.entries[0]
        return line[line.index("#") :].strip() if "#" in line and first.start > entry.body + len(line) else ""
    return text[value.end : entry.close].strip()


def behind_span(entry: Entry) -> tuple[int, int]:
    """Where `behind` is, with the spaces before it, or would be."""
    text, value = entry.value.text, entry.value
    line_end = text.index("\n", entry.body if value.is_block else value.end)
    if not value.is_block:
        return value.end, line_end
    found = text[entry.body : line_end].partition("#")[0].rstrip()
    return entry.body + len(found), line_end


def all_of(entry: Entry) -> Iterator[str]:
    """Every comment that belongs to an entry, in it or before it."""
    text = entry.value.text
    yield from comments(text[entry.gap : entry.start])
    if one := behind(entry):
        yield one
    if entry.value.is_block:
        for inner in entry.value.entries:
            yield from all_of(inner)
    yield from comments(text[entry.close : entry.end])


def merged(base: str, ours: str, theirs: str) -> str | None:
    """What becomes of the comments and blank lines at one place: a text of one of the sides, or of both.

    `ours` where the template changed nothing but blank lines that the user changed too; None where both sides changed
    the same comment. Indentation does not count.
    """
    b, o, t = (_lines(text) for text in (base, ours, theirs))
    if t in (b, o):
        return ours
    if o == b:
        return theirs
    cb, co, ct = (comments(text) for text in (base, ours, theirs))
    if ct in (cb, co):
        return ours
    if co == cb:
        return theirs
    parts = regions(b, o, t)
    if any(part.kind == "conflict" for part in parts):
        return None
    indent = next((line[: len(line) - len(line.lstrip())] for line in ours.split("\n") if line.strip()), "")
    lines = [line for part in parts for line in part.merged]
    return "".join(f"{indent}{line}\n" if line else "\n" for line in lines)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n")[:-1]]
