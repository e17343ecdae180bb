"""Sections that the user has not touched become the template's, comments, order and spacing included."""

from __future__ import annotations

from collections import Counter

from pyo3_kit.merge.toml.nodes import Document, Section
from pyo3_kit.merge.toml.reader import Unreadable, read


def brought_forward(path: str, documents: tuple[Document, Document, Document]) -> Document | None:
    """Ours with the template's text in each section that is unchanged since base; None when there is no such section.

    The merge of the result has to be compared with that of ours: a key may have come from one section into another.
    """
    base, ours, theirs = (_named(document) for document in documents)
    text, position, changed = documents[1].text, 0, False
    parts = []
    for name, (start, end) in ours.items():
        before, now = base.get(name), theirs.get(name)
        if before is None or now is None:
            continue
        old, new = (document.text[slice(*span)] for document, span in ((documents[0], before), (documents[2], now)))
        if text[start:end] == old != new:
            parts += [text[position:start], new]
            position, changed = end, True
    if not changed:
        return None
    try:
        return read(path, "".join(parts) + text[position:])
    except Unreadable:
        return None


def _named(document: Document) -> dict[tuple[object, ...], tuple[int, int]]:
    """Where the text of each section is, without blank lines around it.

    The sections of an array of tables are told apart by their first pair.
    """
    seen: Counter[tuple[object, ...]] = Counter()
    found: dict[tuple[object, ...], tuple[int, int]] = {}
    for section in document.sections:
        name: tuple[object, ...] = (section.header.kind if section.header else "", *section.path)
        if section.header and section.header.kind == "tables" and section.pairs and section.pairs[0].value:
            name = (*name, section.pairs[0].keys, section.pairs[0].value.raw)
        seen[name] += 1
        found[name] = _span(document, section)
    return {name: span for name, span in found.items() if seen[name] == 1}


def _span(document: Document, section: Section) -> tuple[int, int]:
    start = section.header.lead if section.header else 0
    following = document.sections[section.number + 1 : section.number + 2]
    end = following[0].header.lead if following and following[0].header else len(document.text)
    body = document.text[start:end]
    return start, start + len(body.rstrip("\n")) + (1 if body.strip("\n") else 0)
