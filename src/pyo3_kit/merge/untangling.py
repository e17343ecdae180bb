"""Changes of two sides that touch each other and still have nothing to do with each other.

A merge by lines takes neighbours for a conflict. In files whose lines are statements, entries or elements of their own,
a line that one side changed and lines that the other side added beside it go together, and so do two changed lines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pyo3_kit.merge.kinds import Kind
from pyo3_kit.merge.lines import Region
from pyo3_kit.merge.matching import Change, changes
from pyo3_kit.merge.options import merge_options

_WHOLE: Mapping[Kind, re.Pattern[str]] = {
    "rust": re.compile(r"\s*|(?!\s*(?:\.|\+|&&|\|\||[?:=]|else\b)).*[^\s=+&|.-]\s*"),
    "python": re.compile(r"\s*|(?!\s*(?:\.|\+|and\b|or\b)).*[^\s:\\=+.-]\s*"),
    "just": re.compile(r".*[^\\\s]\s*|\s*"),
    "make": re.compile(r".*[^\\\s]\s*|\s*"),
    "ini": re.compile(r".*\n?"),
    "env": re.compile(r".*\n?"),
    "xml": re.compile(r"\s*(?:<!--.*-->|<(?P<tag>[\w:.-]+)(?:\s[^<>]*)?(?:/>|>[^<]*</(?P=tag)>))?\s*"),
}
"""What a line is that means something without its neighbours."""

_LISTS: Mapping[Kind, re.Pattern[str]] = {
    "just": re.compile(r"(?P<name>[A-Za-z_][\w-]*(?:[ \t][^:=\n]*)?:[ \t]*)(?P<items>[\w-]+(?:[ \t]+[\w-]+)*)[ \t]*\n"),
    "ini": re.compile(r"(?P<name>[^\s#;=:][^=:]*[=:]\s*)(?P<items>[^#;\n]+)\n"),
    "make": re.compile(r"(?P<name>[^\s#=:][^=:]*:\s*)(?P<items>[^#;:=\\\n]+)\n"),
}
"""Lines that name something and list what it has."""
_ELEMENT = re.compile(r'\s*<(?P<tag>[\w:.-]+)(?:\s+[\w:.-]+\s*=\s*"(?P<name>[^"]*)")?')
_TEXTS = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
_CLOSED_BY = {"(": ")", "[": "]", "{": "}"}


def untangled(kind: Kind, part: Region) -> list[Region]:
    """A conflict as a region for each change where its changes do not overlap; else the conflict itself."""
    whole = _WHOLE.get(kind)
    if part.kind == "conflict" and len(part.base) == len(part.ours) == len(part.theirs) == 1:
        line = _items_of_both(kind, part.base[0], part.ours[0], part.theirs[0])
        if line is not None:
            return [replace(part, kind="both", ours=(line,), theirs=(line,))]
    if part.kind != "conflict" or whole is None or not part.base:
        return _elements_of_both(part) if kind == "xml" and part.kind == "conflict" else [part]
    sides = [(change, part.ours) for change in _changes(kind, part.base, part.ours)]
    others = [(change, part.theirs) for change in _changes(kind, part.base, part.theirs)]
    for one, lines in sides:
        for other, other_lines in others:
            if _overlap(one, other):
                return [part]
            touched = one.end == other.start or other.end == one.start
            if touched and not (
                _alone(whole, kind, part, one, lines) and _alone(whole, kind, part, other, other_lines)
            ):
                return [part]
            if touched and not (_keeps_lines(one) or _keeps_lines(other)):
                return [part]
            if touched and not all(_is_simple(each) for each in (one, other)):
                return [part]
    return _apart(part, [change for change, _ in sides], [change for change, _ in others])


def _changes(kind: Kind, base: Sequence[str], side: Sequence[str]) -> list[Change]:
    """The changes of a side; elements that are still there by their name are changed, and those behind them added."""
    found: list[Change] = []
    for change in changes(base, side):
        start, end, first, last = change
        kept = end - start
        if kind == "xml" and 0 < kept < last - first:
            names = [_name(line) for line in side[first : first + kept]]
            if names == [_name(line) for line in base[start:end]]:
                found += [Change(start, end, first, first + kept), Change(end, end, first + kept, last)]
                continue
        found.append(change)
    return found


def _overlap(one: Change, other: Change) -> bool:
    if one.start == one.end and other.start == other.end:
        return one.start == other.start
    return one.start < other.end and other.start < one.end


def _keeps_lines(change: Change) -> bool:
    """Whether lines took the place of as many others."""
    return 0 < change.end - change.start == change.last - change.first


def _is_simple(change: Change) -> bool:
    """Whether a change keeps the number of lines, only adds some, or only takes some away."""
    return _keeps_lines(change) or change.start == change.end or change.first == change.last


def _alone(whole: re.Pattern[str], kind: Kind, part: Region, change: Change, lines: Sequence[str]) -> bool:
    """Whether what a change takes away and what it brings are lines that mean something without their neighbours."""
    for stretch in (part.base[change.start : change.end], lines[change.first : change.last]):
        if kind in ("rust", "python") and not _balanced("".join(stretch)):
            return False
        single = change.end > change.start
        if single and not all(whole.fullmatch(line) and (kind == "xml" or _balanced(line)) for line in stretch):
            return False
    return True


def _balanced(text: str) -> bool:
    """Whether every bracket is closed in the text that opens it."""
    open_brackets: list[str] = []
    for sign in _TEXTS.sub("", text):
        if sign in _CLOSED_BY:
            open_brackets.append(_CLOSED_BY[sign])
        elif sign in ")]}" and (not open_brackets or open_brackets.pop() != sign):
            return False
    return not open_brackets


def _apart(part: Region, by_ours: Sequence[Change], by_theirs: Sequence[Change]) -> list[Region]:
    found: list[Region] = []
    at = 0
    steps = [(change, True) for change in by_ours] + [(change, False) for change in by_theirs]
    for change, mine in sorted(steps, key=lambda step: step[0][:2]):
        same = part.base[at : change.start]
        base = part.base[change.start : change.end]
        if same:
            found.append(Region("same", same, same, same))
        new = (part.ours if mine else part.theirs)[change.first : change.last]
        found.append(Region("ours", base, new, base) if mine else Region("theirs", base, base, new))
        at = change.end
    rest = part.base[at:]
    return [*found, Region("same", rest, rest, rest)] if rest else found


def _items_of_both(kind: Kind, base: str, ours: str, theirs: str) -> str | None:
    """A line that lists items after a name, with what each side added to and took from the list; else None."""
    pattern = _LISTS.get(kind)
    lines = [pattern.fullmatch(line) for line in (base, ours, theirs)] if pattern else []
    if not lines or len({line["name"].strip() if line else None for line in lines}) > 1 or lines[0] is None:
        return None
    by_comma = all("," in line["items"] for line in lines if line)
    if kind == "ini" and not by_comma:
        if lines[0]["name"].strip(" =:") != "addopts":
            return None
        options = merge_options(*(line["items"].rstrip() for line in lines if line))
        return None if options is None or lines[1] is None else f"{lines[1]['name']}{options}\n"
    comma = "," if by_comma else None
    b, o, t = ([item.strip() for item in line["items"].split(comma)] for line in lines if line)
    if any(len(set(side)) < len(side) for side in (b, o, t)) or _replaces(b, o) or _replaces(b, t):
        return None
    merged = [item for item in o if item in t or item not in b]
    for at, item in enumerate(t):
        if item not in b and item not in o:
            before = next((each for each in reversed(t[:at]) if each in merged), None)
            merged.insert(merged.index(before) + 1 if before is not None else 0, item)
    line = lines[1]
    assert line is not None
    return line["name"] + (", " if by_comma and ", " in line["items"] else "," if by_comma else " ").join(merged) + "\n"


def _replaces(base: Sequence[str], side: Sequence[str]) -> bool:
    """Whether a side has other items in the place of some."""
    return bool(set(base) - set(side)) and bool(set(side) - set(base))


def _elements_of_both(part: Region) -> list[Region]:
    """Elements that both sides added at one place, the template's first, unless one is there from both."""
    whole = _WHOLE["xml"]
    if part.base or not all(whole.fullmatch(line) for line in (*part.ours, *part.theirs)):
        return [part]
    mine, yours = ({_name(line) for line in lines if line.strip()} for lines in (part.ours, part.theirs))
    if mine & yours:
        return [part]
    return [Region("theirs", (), (), part.theirs), Region("ours", (), part.ours, ())]


def _name(line: str) -> tuple[str, str | None] | str:
    found = _ELEMENT.match(line)
    return (found["tag"], found["name"]) if found else line.strip()
