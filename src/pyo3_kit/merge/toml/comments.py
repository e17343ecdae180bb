"""Comments: they move with what they belong to, and a user's comment is never lost."""

from __future__ import annotations

from difflib import SequenceMatcher

from pyo3_kit.merge.toml.nodes import Array, Document, Inline, Loose, Section, Statement, Written
from pyo3_kit.merge.toml.splices import Splices


def merged_lead(base: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    """The comment lines above a statement after the template's change of them; None where ours stay."""
    if theirs in (base, ours):
        return None
    for start in range(len(ours) - len(base) + 1):
        if ours[start : start + len(base)] == base:
            return ours[:start] + theirs + ours[start + len(base) :]
    return None


def comments_in(text: str, statement: Statement) -> list[str]:
    """All comments that belong to a statement: above it, inside its value and behind it."""
    above = [line.strip() for line in text[statement.lead : statement.start].splitlines()]
    return above + _inside(statement.value) + ([statement.comment] if statement.comment else [])


def _inside(value: Written | None) -> list[str]:
    if not isinstance(value, (Array, Inline)):
        return []
    found: list[str] = []
    for cell in value.cells:
        for part in (cell.lead, cell.post, cell.trail):
            found += [line.strip() for line in part.split("\n") if line.strip()]
        found += _inside(cell.value)
    return found + [line.strip() for line in value.tail.split("\n") if line.strip()]


def carry_loose(documents: tuple[Document, Document, Document], splices: Splices, gone: set[int]) -> None:
    """Bring over what the template changes in the comments that belong to nothing else; the user's own ones stay."""
    base, ours, theirs = (_by_section(document) for document in documents)
    sections = {_name(section): section for section in documents[1].sections}
    for name, section in sections.items():
        old, own, new = ([*side.get(name, [])] for side in (base, ours, theirs))
        if section.header is not None and id(section.header) in gone:
            continue
        texts = [block.text for block in old], [block.text for block in new]
        places = {block.text: block for block in own}
        for kind, b1, b2, t1, t2 in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
            if kind == "equal":
                continue
            replaced = [places.get(block.text) for block in old[b1:b2]]
            come = [block for block in new[t1:t2] if block.text not in places]
            for before, now in zip(replaced, come, strict=False):
                if before is not None:
                    splices.replace(before.start, before.end, now.text)
            for before in replaced[len(come) :]:
                if before is not None:
                    splices.remove(before.start, before.end)
            for now in come[b2 - b1 :]:
                _insert(now, section, splices, gone)


def _insert(block: Loose, section: Section, splices: Splices, gone: set[int]) -> None:
    present = [each for each in (section.header, *section.pairs) if each is not None and id(each) not in gone]
    anchor = None
    if block.previous is not None:
        anchor = next((each for each in present if each.path == block.previous.path), None)
    if anchor is not None:
        follows = splices.text.startswith("\n", anchor.end) or anchor.end >= len(splices.text)
        splices.insert(anchor.end, (0, block.start), f"\n{block.text}" + ("" if follows else "\n"))
    elif block.previous is None:
        splices.insert(0, (0, block.start), f"{block.text}\n")


def _by_section(document: Document) -> dict[tuple[object, ...], list[Loose]]:
    found: dict[tuple[object, ...], list[Loose]] = {}
    for block in document.loose:
        found.setdefault(_name(block.section), []).append(block)
    return found


def _name(section: Section) -> tuple[object, ...]:
    if section.header is not None and section.header.kind == "tables":
        first = section.pairs[0].value.raw if section.pairs and section.pairs[0].value else ""
        return (*section.path, first)
    return section.path
