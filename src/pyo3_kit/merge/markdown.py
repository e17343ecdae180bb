"""Markdown, merged by sections and the blocks in them.

Made for texts that both sides wrote beside each other: two entries under one heading of a changelog, two sections more
in a README. A block that both sides changed is merged by its lines, with markers where that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from pyo3_kit.merge.lines import merge_lines, split
from pyo3_kit.merge.matching import similarity
from pyo3_kit.merge.model import Conflict, Labels, Merged
from pyo3_kit.merge.pairing import Pairing, Pairs
from pyo3_kit.merge.sections import ITEM, Block, Section, read

_SIGN = "\0"
"""In no text that is merged here."""

T = TypeVar("T", bound="Block | Section")


def merge(path: str, base: str, ours: str, theirs: str, labels: Labels) -> Merged | None:
    """Merge three texts; conflicts carry diff3 markers. None where there is no base to compare additions with."""
    if ours == theirs or theirs == base:
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    if not base.strip() or not ours.strip() or not theirs.strip():
        return None
    weaver = _Weaver(path, labels, ours)
    try:
        blocks = weaver.section(*(read(text) for text in (base, ours, theirs)))
    except _Unsure:
        return None
    text = _joined(blocks).rstrip("\n") + ours[len(ours.rstrip()) :]
    return _located(weaver, text)


# Merging


_Woven = list[tuple[int | None, bool, list[Block]]]
"""What comes out: which of theirs it is, whether the user added it, and its blocks."""


class _Unsure(Exception):  # noqa: N818 (not a failure: the merge by lines is used)
    """One side took elsewhere, or wrote anew, what the other changed."""


@dataclass(frozen=True, slots=True)
class _Level(Generic[T]):
    """How the things of one level are merged: blocks, or sections."""

    pairing: Pairing[T]
    merge: Callable[[T, T, T], list[Block]]
    blocks: Callable[[T], list[Block]]
    weak: bool

    def pair(self, one: Sequence[T], other: Sequence[T]) -> Pairs:
        found = self.pairing.pair(one, other)
        if not self.weak:
            found.to = {i: j for i, j in found.to.items() if i not in found.weak}
            found.weak.clear()
        return found

    def text(self, thing: T) -> str:
        return _joined(self.blocks(thing)).lstrip("\n")


@dataclass(slots=True)
class _Weaver:
    path: str
    labels: Labels
    ours: str
    conflicts: list[Conflict] = field(default_factory=list)

    def section(self, base: Section, ours: Section, theirs: Section) -> list[Block]:
        """The blocks of a section that all three sides have."""
        merged = self._block(base.heading, ours.heading, theirs.heading) if ours.heading.text else []
        blocks = _Level(_BLOCKS, self._block, lambda block: [block], weak=True)
        merged += self._woven(blocks, base.blocks, ours.blocks, theirs.blocks)
        sections = _Level(_SECTIONS, self.section, lambda section: list(section.walk()), weak=False)
        return merged + self._woven(sections, base.sections, ours.sections, theirs.sections)

    def _woven(self, level: _Level[T], b: Sequence[T], o: Sequence[T], t: Sequence[T]) -> list[Block]:
        by_us, by_them = level.pair(b, o), level.pair(b, t)
        _check_order(by_us, by_them)
        new_ours, new_theirs = by_us.left(len(o)), by_them.left(len(t))
        both = level.pair([o[j] for j in new_ours], [t[j] for j in new_theirs])
        joined = {
            new_ours[i]: new_theirs[j]
            for i, j in both.to.items()
            if self._joins(level, o, t, new_ours[i], new_theirs[j])
        }
        back = {j: i for i, j in by_us.to.items()}
        result: _Woven = []
        for j, mine in enumerate(o):
            i = back.get(j)
            if i is None or (i in by_us.weak and i not in by_them.to):
                partner = joined.get(j)
                result.append((partner, True, level.blocks(mine) if partner is None else self._added(mine, t[partner])))
            elif i in by_them.to:
                result.append((by_them.to[i], False, level.merge(b[i], mine, t[by_them.to[i]])))
            elif level.text(mine) != level.text(b[i]):
                result.append((None, False, self._lines(level.blocks(mine), level.text(b[i]), level.text(mine), "")))
        rewritten = {i for gone, _ in by_us.gaps(len(b), len(o)) for i in gone}
        self._insert(level, (b, t), (by_us, by_them), rewritten, result)
        return [block for _, _, blocks in result for block in blocks]

    def _insert(
        self,
        level: _Level[T],
        sides: tuple[Sequence[T], Sequence[T]],
        pairs: tuple[Pairs, Pairs],
        rewritten: set[int],
        result: _Woven,
    ) -> None:
        """Put what is new in `theirs` behind its neighbour there, and behind what the user put at the same place."""
        b, t = sides
        by_us, by_them = pairs
        back = {j: i for i, j in by_them.to.items()}
        after = -1
        for j, yours in enumerate(t):
            at = next((index for index, (there, _, _) in enumerate(result) if there == j), None)
            if at is not None:
                after = at
                continue
            i = back.get(j)
            if i is not None and (i in by_us.to or i not in by_them.weak):
                changed = level.text(yours) != level.text(b[i])
                if changed and i in rewritten:
                    self._rewritten(level.text(b[i]), result, after, level.text(yours))
                elif changed and i not in by_us.to and level.text(b[i]).strip() in self.ours:
                    raise _Unsure
                continue
            if i is not None and level.text(yours) == level.text(b[i]):
                continue
            after = _behind_own(result, after) + 1
            before = result[after - 1][2] if after else []
            result.insert(after, (j, False, _tight(before, level.blocks(yours))))

    def _rewritten(self, base: str, result: _Woven, after: int, theirs: str) -> None:
        """What the user wrote in place of something that the template changed: that is one conflict."""
        end = _behind_own(result, after) + 1
        own = [block for _, _, blocks in result[after + 1 : end] for block in blocks]
        if not own:
            raise _Unsure
        ours = own[0].text + _joined(own[1:])
        result[after + 1 : end] = [(None, False, self._lines(own, base, ours, theirs))]

    def _joins(self, level: _Level[T], o: Sequence[T], t: Sequence[T], i: int, j: int) -> bool:
        one, other = o[i], t[j]
        if isinstance(one, Section) and isinstance(other, Section):
            return one.title == other.title
        return level.text(one) == level.text(other)

    def _added(self, ours: T, theirs: T) -> list[Block]:
        if isinstance(ours, Section) and isinstance(theirs, Section):
            return self.section(Section(ours.level, ours.title, ours.heading), ours, theirs)
        assert isinstance(ours, Block)
        return [ours]

    def _block(self, base: Block, ours: Block, theirs: Block) -> list[Block]:
        gap = theirs.gap if ours.gap == base.gap else ours.gap
        if theirs.text == base.text or ours.text == theirs.text:
            return [Block(gap, ours.text)]
        if ours.text == base.text:
            return [Block(gap, theirs.text)]
        return self._lines([Block(gap, ours.text)], base.text, ours.text, theirs.text)

    def _lines(self, blocks: list[Block], base: str, ours: str, theirs: str) -> list[Block]:
        result = merge_lines(self.path, base, ours, theirs, self.labels)
        lines = split(result.text)
        for conflict in result.conflicts:
            assert conflict.line is not None
            # The text itself may show markers: those of conflicts carry a number until their lines are known.
            at = conflict.line - 1
            lines[at] = f"{_SIGN}{len(self.conflicts)}{_SIGN}{lines[at]}"
            self.conflicts.append(conflict)
        return [Block(blocks[0].gap, "".join(lines))]


def _behind_own(result: _Woven, after: int) -> int:
    """The last of the user's own additions behind a place, or the place."""
    while after + 1 < len(result) and result[after + 1][:2] == (None, True):
        after += 1
    return after


def _tight(before: list[Block], new: list[Block]) -> list[Block]:
    """The first item of one list, behind the items of another, has no blank line before it that they have not."""
    if before and ITEM.match(before[-1].text) and ITEM.match(new[0].text) and "\n\n" not in before[-1].text:
        return [Block("", new[0].text), *new[1:]]
    return new


def _check_order(by_us: Pairs, by_them: Pairs) -> None:
    common = sorted(i for i in by_them.to if i in by_us.to)
    by_theirs = sorted(common, key=lambda i: by_them.to[i])
    if by_theirs not in (common, sorted(common, key=lambda i: by_us.to[i])):
        raise _Unsure


def _joined(blocks: Sequence[Block]) -> str:
    return "".join(block.gap + block.text for block in blocks)


def _located(weaver: _Weaver, text: str) -> Merged:
    """The text without the numbers of its conflicts, and those conflicts that are in it, each with its line."""
    lines = text.split("\n")
    conflicts = []
    for at, line in enumerate(lines):
        if line.startswith(_SIGN):
            _, number, lines[at] = line.split(_SIGN, 2)
            conflicts.append(replace(weaver.conflicts[int(number)], line=at + 1))
    return Merged("\n".join(lines), tuple(conflicts))


def _words(text: str) -> list[str]:
    return text.split()


_BLOCKS: Pairing[Block] = Pairing(
    (lambda block: block.text,), lambda a, b: similarity(_words(a.text), _words(b.text)), lambda _: False
)
_SECTIONS: Pairing[Section] = Pairing(
    (lambda section: section.title.lower(),), lambda a, b: similarity(a.lines, b.lines), lambda _: True
)
