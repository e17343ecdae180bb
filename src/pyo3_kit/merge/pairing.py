"""Which item of one list is which item of another.

Equal items are the same one; then those with the same identity; then those between the same neighbours that
are alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ALIKE = 0.5
"""Items between the same neighbours that have this much in common are one that was changed."""
SURELY_ALIKE = 0.8
"""The same for items that moved, and for keys: jobs have much in common by nature."""

T = TypeVar("T")


@dataclass(slots=True)
class Pairs:
    """Indices of the first list to those of the second; `weak` ones only take each other's place."""

    to: dict[int, int]
    weak: set[int]

    def left(self, count: int) -> list[int]:
        """The items of the second list, which has `count`, that have no partner."""
        taken = set(self.to.values())
        return [index for index in range(count) if index not in taken]

    def gaps(self, one: int, other: int) -> list[tuple[list[int], list[int]]]:
        """The items without partner between the same neighbours, of lists with that many items."""
        back = {j: i for i, j in self.to.items()}
        gaps: dict[int, tuple[list[int], list[int]]] = {-1: ([], [])}
        before = -1
        for i in range(one):
            if i in self.to:
                before = i
                gaps[before] = ([], [])
            else:
                gaps[before][0].append(i)
        before = -1
        for j in range(other):
            if j in back:
                before = back[j]
            else:
                gaps[before][1].append(j)
        return [gap for gap in gaps.values() if gap[0] and gap[1]]


@dataclass(frozen=True, slots=True)
class Pairing(Generic[T]):
    """What distinguishes items: `identities`, the first that fits counts (None: it has none), and `alike`, 0 to 1.

    `movable` are those that may be recognised at another place by their likeness alone.
    """

    identities: Sequence[Callable[[T], Hashable]]
    alike: Callable[[T, T], float]
    movable: Callable[[T], bool]

    def pair(self, one: Sequence[T], other: Sequence[T]) -> Pairs:
        """The items of two lists, paired."""
        found = self.known(one, other)
        gaps = found.gaps(len(one), len(other))
        for here, there in gaps:
            self._by_likeness(found, one, other, here, there, ALIKE)
        here = [i for i in range(len(one)) if i not in found.to and self.movable(one[i])]
        there = [j for j in found.left(len(other)) if self.movable(other[j])]
        self._by_likeness(found, one, other, here, there, SURELY_ALIKE)
        for here, there in gaps:
            rest = [i for i in here if i not in found.to]
            taken = set(found.to.values())
            places = [j for j in there if j not in taken]
            if len(rest) == len(places):
                found.to.update(zip(rest, places, strict=True))
                found.weak.update(rest)
        return found

    def known(self, one: Sequence[T], other: Sequence[T]) -> Pairs:
        """The same by identity alone: for what two sides added, where likeness means nothing."""
        found = Pairs({}, set())
        for identity in self.identities:
            self._by(found, one, other, identity)
        return found

    def _by(self, found: Pairs, one: Sequence[T], other: Sequence[T], identity: Callable[[T], Hashable]) -> None:
        here: dict[Hashable, list[int]] = defaultdict(list)
        there: dict[Hashable, list[int]] = defaultdict(list)
        for index, item in enumerate(one):
            if index not in found.to and (key := identity(item)) is not None:
                here[key].append(index)
        for index in found.left(len(other)):
            if (key := identity(other[index])) is not None:
                there[key].append(index)
        for key, mine in here.items():
            yours = there.get(key, [])
            if len(mine) == len(yours):
                found.to.update(zip(mine, yours, strict=True))
            elif yours:
                self._by_likeness(found, one, other, mine, yours, 0.0)

    def _by_likeness(
        self,
        found: Pairs,
        one: Sequence[T],
        other: Sequence[T],
        here: Sequence[int],
        there: Sequence[int],
        least: float,
    ) -> None:
        taken = set(found.to.values())
        # Of items that are equally alike, those at the same place from either end are the same one.
        longer = len(other) - len(one)
        ranked = sorted(
            (-self.alike(one[i], other[j]), min(abs(j - i), abs(j - i - longer)), i, j)
            for i in here
            if i not in found.to
            for j in there
            if j not in taken
        )
        for negative, _, i, j in ranked:
            if -negative >= least and i not in found.to and j not in taken:
                found.to[i] = j
                taken.add(j)


def longest_rising(numbers: Sequence[int]) -> set[int]:
    """The most numbers that can stay where they are when the others move so that all rise."""
    ends: list[int] = []
    chains: list[list[int]] = []
    for number in numbers:
        at = bisect_left(ends, number)
        chain = [*(chains[at - 1] if at else []), number]
        ends[at : at + 1] = [number]
        chains[at : at + 1] = [chain]
    return set(chains[-1]) if chains else set()
