"""Read a list with commas, and the comments in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pyo3_kit.merge.code.nodes import Element, Listing, Style
from pyo3_kit.merge.code.source import Source
from pyo3_kit.rust.tree import SyntaxNode, span

Make = Callable[[Sequence[SyntaxNode]], Element | None]


def listing(
    source: Source,
    reach: tuple[int, int],
    children: Sequence[SyntaxNode],
    make: Make,
    style: Style,
    *,
    ordered: bool = False,
    plain: bool = False,
) -> Listing | None:
    """A list from the text between its brackets; None when a comment is where none can be kept."""
    found: list[Element] = []
    comments: list[str] = []
    run: list[SyntaxNode] = []
    at = reach[0] + (0 if plain else 1)
    begun = at

    def close() -> bool:
        nonlocal comments, run, at
        if run:
            element = make(run)
            if element is None:
                return False
            gap = source.text[at:begun]
            found.append(replace(element, gap=gap[: len(gap) - len(gap.lstrip())], before="\n".join(comments)))
            at = span(run[-1])[1]
            comments, run = [], []
        return True

    for child in children:
        first, last = span(child)
        if "comment" in child.kind():
            if run or "\n" in source.text[first:last]:
                return None
            if source.begins_line(first):
                if not comments:
                    begun = first
                comments.append(source.text[first:last])
            elif found and not found[-1].after and not comments:
                found[-1] = replace(found[-1], after=_behind(source, first, last))
                at = last
            else:
                return None
        elif child.text() == ",":
            if not close():
                return None
            at = max(at, last)
        else:
            if not run and not comments:
                begun = first
            run.append(child)
    if not close() or comments:
        return None
    made = Listing(
        source.text[slice(*reach)],
        source.between(*reach),
        tuple(found),
        source.position(*reach),
        style,
        ordered,
        plain,
    )
    commented = any(element.before or element.after for element in found)
    return None if commented and not made.upright else made


def _behind(source: Source, first: int, last: int) -> str:
    start = first
    while source.text[start - 1] in " \t":
        start -= 1
    return source.text[start:last]
