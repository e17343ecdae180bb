"""Changes of an object's or array's members as edits of the text around them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyo3_kit.merge.json.reader import Member, Value
from pyo3_kit.texts.edits import Edit

_COMMENT_BEHIND = re.compile(r"[ \t]*(?://[^\n]*|/\*[^\n]*\*/[ \t]*)(?=\n)")


def replaced(ours: Value, theirs: Value) -> Edit:
    """Puts the template's value in the place of ours, in the indentation of ours."""
    return Edit(ours.start, ours.end, _restyled(theirs, theirs.start, ours, _indent(ours.text, ours.start)))


def removed(parent: Value, gone: Sequence[Member]) -> list[Edit]:
    """Takes members out, with their commas and the lines that they had for themselves."""
    text, members = parent.text, parent.members
    if len(gone) == len(members):
        return [Edit(parent.start + 1, parent.end - 1, "")]
    edits = []
    leaving = set(map(id, gone))
    for at, member in enumerate(members):
        if id(member) not in leaving:
            continue
        if any(id(other) not in leaving for other in members[at + 1 :]):
            end = (member.comma if member.comma is not None else member.value.end) + 1
            start = member.start
            line = text.rfind("\n", 0, start) + 1
            if not text[line:start].strip() and text[end:].lstrip(" \t").startswith("\n"):
                start, end = line, text.index("\n", end) + 1
            else:
                end += len(text[end:]) - len(text[end:].lstrip(" \t"))
            edits.append(Edit(start, end, ""))
        else:
            # Behind the last one that stays: the comma before it goes along, unless the text ends lists with one.
            before = next(other for other in reversed(members[:at]) if id(other) not in leaving)
            last = members[-1]
            end = last.value.end if last.comma is None else last.comma + 1
            kept = before.comma if before.comma is not None else before.value.end
            edits.append(Edit(kept + (1 if last.comma is not None else 0), end, ""))
            break
    return edits


def inserted(parent: Value, after: Member | None, new: Sequence[Member], theirs: Value) -> list[Edit]:
    """Puts the template's members behind one of ours, or first; one item a line where ours or theirs has it so."""
    text = parent.text
    if not parent.members:
        outer = _indent(text, parent.start)
        inner = outer + _unit(parent, theirs)
        if "\n" not in theirs.source:
            return [Edit(parent.start + 1, parent.end - 1, ", ".join(_text(one, parent, inner) for one in new))]
        lines = ",\n".join(inner + _text(one, parent, inner) for one in new)
        return [Edit(parent.start + 1, parent.end - 1, f"\n{lines}\n{outer}")]
    first = parent.members[0]
    several = "\n" in text[parent.start : first.start]
    indent = _indent(text, first.start) if several else _indent(text, parent.start)
    gap = f"\n{indent}" if several else " "
    leads = ["".join(f"{line}\n{indent}" for line in comments_above(one)) for one in new]
    texts = [lead * several + _text(one, parent, indent) for lead, one in zip(leads, new, strict=True)]
    if after is None:
        return [Edit(first.start, first.start, "".join(f"{one},{gap}" for one in texts))]
    if after.comma is None and several and (comment := _COMMENT_BEHIND.match(text, after.value.end)):
        # A comment behind the value belongs to its line.
        end = comment.end()
        return [Edit(after.value.end, after.value.end, ","), Edit(end, end, ",".join(f"{gap}{one}" for one in texts))]
    if after.comma is None:
        return [Edit(after.value.end, after.value.end, "".join(f",{gap}{one}" for one in texts))]
    # A comment behind the comma belongs to the line before.
    end = after.comma + 1
    line = text.find("\n", end)
    rest = text[end : line if line >= 0 else len(text)]
    if several and rest.strip().startswith(("//", "/*")):
        end += len(rest)
    return [Edit(end, end, "".join(f"{gap}{one}," for one in texts))]


def comments_above(member: Member) -> list[str]:
    """The comments on lines of their own above a member."""
    start, end = _lead(member)
    return [line.strip() for line in member.value.text[start:end].split("\n") if line.strip()]


def begins_its_line(member: Member) -> bool:
    """Whether nothing is before a member on its line."""
    text = member.value.text
    return not text[text.rfind("\n", 0, member.start) + 1 : member.start].strip()


def with_comments(member: Member, comments: Sequence[str]) -> Edit:
    """Puts these comments above a member that begins its line, for those that are there."""
    indent = _indent(member.value.text, member.start)
    return Edit(*_lead(member), "".join(f"{indent}{comment}\n" for comment in comments))


def _lead(member: Member) -> tuple[int, int]:
    """Where the lines are that are between a member's and the one before, without blank ones at the beginning."""
    text = member.value.text
    end = text.rfind("\n", member.mark, member.start) + 1
    if not end:
        return member.start, member.start
    start = text.index("\n", member.mark) + 1
    lead = text[start:end]
    return start + len(lead) - len(lead.lstrip("\n")), end


def _text(member: Member, parent: Value, indent: str) -> str:
    return _restyled(member.value, member.start, parent, indent)


def _restyled(value: Value, start: int, parent: Value, indent: str) -> str:
    """The template's text from `start` to the value's end, with its further lines indented as ours is."""
    lines = value.text[start : value.end].split("\n")
    theirs = _indent(value.text, start)
    unit, own = _unit(value, value), _unit(parent, value)
    written = [lines[0]]
    for line in lines[1:]:
        inner = line[len(theirs) :] if line.startswith(theirs) else line.lstrip()
        deep = len(inner) - len(inner.lstrip())
        levels = deep // len(unit) if unit else 0
        written.append(indent + own * levels + inner[levels * len(unit) :] if line.strip() else "")
    return "\n".join(written)


def _unit(value: Value, default: Value) -> str:
    """What one level is indented by in the text of a value: that of its first indented line."""
    for text in (value.text, default.text):
        for line in text.split("\n"):
            if line.strip() and line[0] in " \t":
                return line[: len(line) - len(line.lstrip())]
    return "  "


def _indent(text: str, at: int) -> str:
    """The white space at the start of the line of a place."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip())]
