"""Texts that are a list of named blocks: INI files, Makefiles, justfiles, variables of environments, requirements.

A block is what follows a name up to the next one, with the comments above it. Blocks are merged by name, in the user's
order; what the template added comes behind the block that it follows in the template. The options of an INI section are
blocks of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pyo3_kit.merge.kinds import Kind, kind_of
from pyo3_kit.merge.lines import merge_lines, split
from pyo3_kit.merge.model import Labels, Merged
from pyo3_kit.merge.toml.requirements import merge_requirements, normalised

_Syntax = Kind | Literal["option"]

_NAMES: Mapping[_Syntax, re.Pattern[str]] = {
    "ini": re.compile(r"\[([^\]\n]+)\]"),
    "option": re.compile(r"([^\s#;\[=:][^=:\n]*?)\s*(?:[=:]|$)"),
    "make": re.compile(r"(?!\.[A-Z])([^\s#:=][^:=#\n]*?)\s*(?:::?(?![:=])|(?:::?:?|[?+!])?=)"),
    "just": re.compile(r"@?(?:(?:export|alias|set)\s+)?([A-Za-z_][\w-]*)(?:\s[^:=\n]*)?:"),
    "env": re.compile(r"(?:export\s+)?([A-Za-z_][\w.-]*)\s*="),
    "requirements": re.compile(r"([A-Za-z0-9][\w.-]*)(?=[\s\[<>=!~;@#]|$)|(-{1,2}[a-z].*)"),
}
"""What begins a block, as the start of a line, by the syntax of the text."""

_LEADS: Mapping[_Syntax, tuple[str, ...]] = {"ini": ("#", ";"), "option": ("#", ";"), "just": ("#", "[")}
"""What begins a line that belongs to the block below it: comments, and the attributes of a recipe."""

_APART: frozenset[_Syntax] = frozenset({"ini", "make", "just"})
"""Syntaxes with a blank line between two blocks of more than one line."""

_CONDITIONAL = re.compile(r"^(?:ifn?eq|ifn?def|define|else)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A name, empty for what comes before the first one, and the text with the comments above the name."""

    name: str
    text: str

    @property
    def body(self) -> str:
        """The text without the blank lines behind it, which are not part of its meaning."""
        return self.text.rstrip("\n")


def merge(path: str, base: str, ours: str, theirs: str, labels: Labels) -> Merged | None:
    """Merge three texts block by block; None where both sides changed one block, or a text has a name twice."""
    syntax = kind_of(path)
    if syntax == "make" and any(map(_CONDITIONAL.search, (base, ours, theirs))):
        return None
    text = _merged(path, syntax, (base, ours, theirs), labels)
    return None if text is None else Merged(text)


def names(kind: Kind, text: str) -> Iterator[tuple[str, int]]:
    """Every name that may be in the text once, with its line: sections and their options, rules, variables."""
    line = 1
    for block in _blocks(kind, text):
        start = line + _lead(block.text)
        # A rule without commands only adds prerequisites.
        if block.name and (kind != "make" or "\n\t" in block.text or "=" in block.text.split("\n")[_lead(block.text)]):
            yield f"`{block.name}`", start
        if kind == "ini":
            inner = start + 1
            for option in _blocks("option", _inside(block.text)):
                if option.name:
                    yield f"`{block.name}.{option.name}`", inner + _lead(option.text)
                inner += option.text.count("\n")
        line += block.text.count("\n")


def _merged(path: str, syntax: _Syntax, texts: tuple[str, str, str], labels: Labels) -> str | None:
    sides = [_blocks(syntax, text) for text in texts]
    base, ours, theirs = ({block.name: block for block in side} for side in sides)
    if any(len(by_name) < len(side) for by_name, side in zip((base, ours, theirs), sides, strict=True)):
        return None
    decided: dict[str, str] = {}
    for name in {**base, **ours, **theirs}:
        found = _decide(path, syntax, (base.get(name), ours.get(name), theirs.get(name)), labels)
        if found is None:
            return None
        if found:
            decided[name] = found
    order = [name for name in ours if name in decided]
    after: str | None = None
    for name in theirs:
        if name in decided and name not in ours:
            order.insert(order.index(after) + 1 if after is not None else 0, name)
            if after is not None and syntax not in _APART:
                # The blank lines of ours come behind the new one, which has those of the template before it.
                body, new = decided[after].rstrip("\n"), decided[name].rstrip("\n")
                decided[name] = new + decided[after][len(body) :]
                decided[after] = body + theirs[after].text[len(theirs[after].body) :]
        if name in decided:
            after = name
    text = _joined([decided[name] for name in order], apart=syntax in _APART)
    return text if texts[1].endswith("\n\n") or not text else text.rstrip("\n") + "\n" * texts[1].endswith("\n")


def _decide(
    path: str, syntax: _Syntax, sides: tuple[Block | None, Block | None, Block | None], labels: Labels
) -> str | None:
    """The text of one block, empty where it goes; None where both sides changed it."""
    base, ours, theirs = sides
    b, o, t = (None if block is None else block.body for block in sides)
    if o == t or t == b:
        return ours.text if ours else ""
    if o == b:
        return theirs.text if theirs else ""
    if ours is None or theirs is None:
        return None
    if syntax == "ini":
        # The blank lines before the next section stay where they are, whatever comes last in this one.
        insides = [_inside(block.body + "\n") if block else "" for block in sides]
        inner = _merged(path, "option", (insides[0], insides[1], insides[2]), labels)
        head = f"{ours.body}\n"[: len(ours.body) + 1 - len(insides[1])]
        return None if inner is None else head + inner + ours.text[len(ours.body) + 1 :]
    if base is None:
        return None
    # The comments above a name and what follows it are edits of their own.
    parts = [
        _merged_part(path, syntax, part, labels)
        for part in zip(*(_cut(block.text) for block in (base, ours, theirs)), strict=True)
    ]
    return None if None in parts else "".join(part for part in parts if part is not None)


def _merged_part(path: str, syntax: _Syntax, sides: tuple[str, str, str], labels: Labels) -> str | None:
    merged = merge_lines(path, *sides, labels)
    if not merged.conflicts:
        return merged.text
    if syntax != "requirements" or any(side.rstrip("\n").count("\n") for side in sides):
        return None
    one = merge_requirements(*(side.rstrip("\n") for side in sides))
    return None if one is None else one + sides[1][len(sides[1].rstrip("\n")) :]


def _cut(text: str) -> tuple[str, str]:
    """The comments above a block's name, and the rest."""
    lines = split(text)
    return "".join(lines[: _lead(text)]), "".join(lines[_lead(text) :])


def _blocks(syntax: _Syntax, text: str) -> list[Block]:
    """Split the text into its blocks; joined they are the text again."""
    found = [Block("", "")]
    lead: list[str] = []
    for line in split(text):
        match = _NAMES[syntax].match(line)
        if match is None and line.startswith(_LEADS.get(syntax, "#")):
            lead.append(line)
            continue
        if match is not None:
            name = match[match.lastindex or 1].strip()
            found.append(Block(normalised(name) if syntax == "requirements" else name, "".join([*lead, line])))
        else:
            found[-1] = Block(found[-1].name, found[-1].text + "".join([*lead, line]))
        lead = []
    found[-1] = Block(found[-1].name, found[-1].text + "".join(lead))
    return [block for block in found if block.name or block.text]


def _inside(section: str) -> str:
    """The lines of a section below its name."""
    lines = split(section)
    return "".join(lines[_lead(section) + 1 :])


def _lead(text: str) -> int:
    """The number of comment lines above a block's name."""
    lines = text.split("\n")
    return next((at for at, line in enumerate(lines) if not line.startswith(("#", ";"))), 0)


def _joined(texts: Sequence[str], *, apart: bool) -> str:
    """The blocks as one text, those of several lines with a blank line between them where they are to be `apart`."""
    written = ""
    for at, text in enumerate(texts):
        if written and not written.endswith("\n"):
            written += "\n"
        several = apart and (
            text.rstrip("\n").count("\n") > 0 or (at > 0 and texts[at - 1].rstrip("\n").count("\n") > 0)
        )
        if written and several and not written.endswith("\n\n"):
            written += "\n"
        written += text
    return written
