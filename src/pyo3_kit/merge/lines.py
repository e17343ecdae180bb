"""Merging three texts line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from pyo3_kit.merge.matching import Change, changes, pairs, slid_up
from pyo3_kit.merge.model import Conflict, Labels, Merged

Kind = Literal["same", "ours", "theirs", "both", "conflict"]


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the three texts, and who changed it: nobody, one side, both in the same way, or both differently."""

    kind: Kind
    base: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def merged(self) -> tuple[str, ...]:
        """The lines that come out of it; of a conflict those of ours."""
        return self.theirs if self.kind == "theirs" else self.ours


def regions(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[Region]:
    """The three texts in stretches, in their order; all stretches of one side joined are that side again.

    Changes of the two sides that touch each other are one conflict, unless they are the same. An insertion can often
    be at several places with the same result, before or after an equal line: it is put where it touches least.
    """
    ours_down, theirs_down = changes(base, ours), changes(base, theirs)
    best = _regions(base, ours, theirs, ours_down, theirs_down)
    if not _count(best):
        return best
    ours_up, theirs_up = slid_up(base, ours, ours_down), slid_up(base, theirs, theirs_down)
    both = _regions(base, ours, theirs, ours_up, theirs_up)
    if _count(both) < _count(best):
        best = both
    left = _regions(base, ours, theirs, ours_up, theirs_down)
    right = _regions(base, ours, theirs, ours_down, theirs_up)
    # Neither side is preferred: where the two differ and are equally good, none is taken.
    if _count(left) < _count(best) and (_count(left) < _count(right) or _lines(left) == _lines(right)):
        return left
    return right if _count(right) < min(_count(best), _count(left)) else best


def merge_lines(path: str, base: str, ours: str, theirs: str, labels: Labels) -> Merged:
    """Merge three texts with LF line endings; conflicts carry diff3 markers that name the sides by `labels`."""
    parts = regions(split(base), split(ours), split(theirs))
    return join_regions(path, parts, labels)


def join_regions(path: str, parts: Sequence[Region], labels: Labels) -> Merged:
    """The text of `parts`, with markers around every conflict."""
    written: list[str] = []
    conflicts: list[Conflict] = []
    for part in parts:
        if part.kind != "conflict":
            written += part.merged
            continue
        before, inner, after = _trimmed(part)
        written += before
        if written and not written[-1].endswith("\n"):
            written[-1] += "\n"
        conflicts.append(
            Conflict(
                path=path,
                key=None,
                line=len(written) + 1,
                base="".join(inner.base),
                ours="".join(inner.ours),
                theirs="".join(inner.theirs),
            )
        )
        written += [f"<<<<<<< {labels.ours}\n", *_ended(inner.ours)]
        written += [f"||||||| {labels.base}\n", *_ended(inner.base)]
        written += ["=======\n", *_ended(inner.theirs), f">>>>>>> {labels.theirs}\n"]
        written += after
    return Merged("".join(written), tuple(conflicts))


def split(text: str) -> list[str]:
    """The lines of a text with their line feeds; only a line feed ends a line."""
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([last] if last else [])


# Bringing two sides together


def _regions(
    base: Sequence[str],
    ours: Sequence[str],
    theirs: Sequence[str],
    by_ours: Sequence[Change],
    by_theirs: Sequence[Change],
) -> list[Region]:
    found: list[Region] = []
    at = 0
    i = j = 0
    shift_ours = shift_theirs = 0
    while i < len(by_ours) or j < len(by_theirs):
        starts = [side[n].start for side, n in ((by_ours, i), (by_theirs, j)) if n < len(side)]
        start = end = min(starts)
        first_i, first_j = i, j
        while True:
            if i < len(by_ours) and by_ours[i].start <= end:
                end = max(end, by_ours[i].end)
                i += 1
            elif j < len(by_theirs) and by_theirs[j].start <= end:
                end = max(end, by_theirs[j].end)
                j += 1
            else:
                break
        if at < start:
            found.append(_same(base[at:start]))
        from_ours, from_theirs = start + shift_ours, start + shift_theirs
        shift_ours += sum(c.last - c.first - c.end + c.start for c in by_ours[first_i:i])
        shift_theirs += sum(c.last - c.first - c.end + c.start for c in by_theirs[first_j:j])
        mine = tuple(ours[from_ours : end + shift_ours])
        yours = tuple(theirs[from_theirs : end + shift_theirs])
        found += _touching(tuple(base[start:end]), mine, yours, i > first_i, j > first_j)
        at = end
    if at < len(base):
        found.append(_same(base[at:]))
    return found


def _same(lines: Sequence[str]) -> Region:
    kept = tuple(lines)
    return Region("same", kept, kept, kept)


def _touching(
    base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...], by_ours: bool, by_theirs: bool
) -> list[Region]:
    if not by_theirs or theirs == base:
        return [Region("ours", base, ours, theirs)]
    if not by_ours or ours == base:
        return [Region("theirs", base, ours, theirs)]
    if ours == theirs:
        return [Region("both", base, ours, theirs)]
    mine, other = _line_by_line(base, ours), _line_by_line(base, theirs)
    if mine is not None and other is not None:
        parts = [_single(*lines) for lines in zip(base, mine, other, strict=True)]
        if _apart(parts):
            return parts
    return [Region("conflict", base, ours, theirs)]


def _line_by_line(base: tuple[str, ...], side: tuple[str, ...]) -> list[tuple[str, ...]] | None:
    """What became of each line, where a side has as many lines as before, or only took some away; else None."""
    if len(base) == len(side):
        return [(line,) for line in side]
    kept = [i for i, _ in pairs(base, side)]
    return [(line,) if i in kept else () for i, line in enumerate(base)] if len(kept) == len(side) else None


def _single(line: str, ours: tuple[str, ...], theirs: tuple[str, ...]) -> Region:
    base = (line,)
    kind: Kind = "conflict"
    if ours == theirs:
        kind = "same" if ours == base else "both"
    elif base in (ours, theirs):
        kind = "ours" if theirs == base else "theirs"
    return Region(kind, base, ours, theirs)


def _apart(parts: Sequence[Region]) -> bool:
    """Whether nobody has touched a line beside one that only the other side touched."""
    beside = {frozenset((a.kind, b.kind)) for a, b in pairwise(parts)}
    return all(part.kind != "conflict" for part in parts) and frozenset(("ours", "theirs")) not in beside


def _count(parts: Sequence[Region]) -> int:
    return sum(part.kind == "conflict" for part in parts)


def _lines(parts: Sequence[Region]) -> list[str]:
    return [line for part in parts for line in part.merged]


def _trimmed(part: Region) -> tuple[tuple[str, ...], Region, tuple[str, ...]]:
    """A conflict without the lines at its ends that both sides have; the base stays whole, for who has to decide."""
    ours, theirs = part.ours, part.theirs
    shorter = min(len(ours), len(theirs))
    head = next((i for i in range(shorter) if ours[i] != theirs[i]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if ours[-1 - i] != theirs[-1 - i]), rest)
    inner = Region("conflict", part.base, ours[head : len(ours) - tail], theirs[head : len(theirs) - tail])
    return ours[:head], inner, ours[len(ours) - tail :]


def _ended(lines: tuple[str, ...]) -> list[str]:
    """The lines with a line feed after the last one, since a marker follows."""
    if lines and not lines[-1].endswith("\n"):
        return [*lines[:-1], f"{lines[-1]}\n"]
    return list(lines)
