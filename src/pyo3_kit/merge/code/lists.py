"""Writing a merged list: as the user wrote it, as the template did, or rebuilt in the same style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pyo3_kit.merge.code.nodes import Element, Listing

_CLOSER = {"(": ")", "[": "]", "{": "}"}


def written(elements: Sequence[Element], ours: Listing, theirs: Listing) -> str:
    """The list's text, with its brackets."""
    for side in (ours, theirs):
        if _same(elements, side.elements):
            return side.text
    style = ours.style
    commented = any(element.before or element.after for element in elements)
    broken = any("\n" in element.node.text for element in elements)
    if not (ours.upright or commented or broken):
        line = _inline(elements, ours)
        if "\n" not in ours.text and ours.place.column + len(line) + ours.place.rest <= style.width:
            return line
        if style.filled and not any("{" in element.node.text for element in elements):
            return _filled(elements, ours)
    return _upright(elements, ours)


def _same(elements: Sequence[Element], side: Sequence[Element]) -> bool:
    """Whether it is the list of that side, up to a format that need not change."""
    ours = [(element.before, element.node.text, element.after) for element in elements]
    return ours == [(element.before, element.node.text, element.after) for element in side]


def _brackets(listing: Listing) -> tuple[str, str]:
    opener, closer = listing.style.brackets
    if listing.text[:1] in _CLOSER and not listing.plain:
        opener, closer = listing.text[:1], _CLOSER[listing.text[:1]]
    return opener, closer


def _inline(elements: Sequence[Element], ours: Listing) -> str:
    text = f"{ours.style.comma} ".join(element.node.text.strip() for element in elements)
    if ours.plain and (ours.style.brackets[0] == "(" or len(elements) == 1):
        return text
    if ours.style.bare and ours.style.brackets[0] == "{" and len(elements) == 1 and text not in ("self", "*"):
        return text
    opener, closer = _brackets(ours)
    return f"{opener}{text}{closer}"


def _filled(elements: Sequence[Element], ours: Listing) -> str:
    opener, closer = _brackets(ours)
    indent = ours.place.indent + ours.style.step
    lines = [indent]
    for element in elements:
        word = f"{element.node.text.strip()},"
        if lines[-1] != indent and len(lines[-1]) + 1 + len(word) > ours.style.width:
            lines.append(indent)
        lines[-1] += word if lines[-1] == indent else f" {word}"
    return "\n".join([opener, *lines, f"{ours.place.indent}{closer}"])


def _upright(elements: Sequence[Element], ours: Listing) -> str:
    opener, closer = _brackets(ours)
    indent = ours.place.indent + ours.style.step
    if ours.upright:
        indent = ours.elements[0].gap.rpartition("\n")[2]
    lines = [opener]
    for element in elements:
        lines += [""] * (element.blank_lines if len(lines) > 1 else 0)
        lines += [f"{indent}{line}" for line in element.before.split("\n") if element.before]
        lines.append(f"{indent}{element.node.text.strip()},{element.after}")
    return "\n".join([*lines, f"{ours.place.indent}{closer}"])


def spaced(elements: Sequence[Element], gaps: Sequence[str]) -> list[Element]:
    """The elements with the white space that goes before each of them."""
    return [replace(element, gap=gap) for element, gap in zip(elements, gaps, strict=True)]
