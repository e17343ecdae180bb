"""Which lines of two texts are the same ones.

Lines are matched by those that occur once on both sides, which are seldom matched by accident, and only between them by
the shortest edit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

_LONGEST_EDIT = 800
"""Beyond that many lines the shortest edit is not searched for: the texts have nothing to do with each other."""


class Change(NamedTuple):
    """The lines `start:end` of the base that became the lines `first:last` of a side."""

    start: int
    end: int
    first: int
    last: int


def pairs(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The indices of equal lines, rising on both sides."""
    stack = [(0, len(one), 0, len(other))]
    while stack:
        a, b, c, d = stack.pop()
        if b < 0:
            yield a, c
            continue
        while a < b and c < d and one[a] == other[c]:
            yield a, c
            a, c = a + 1, c + 1
        tail = 0
        while a < b and c < d and one[b - 1] == other[d - 1]:
            b, d, tail = b - 1, d - 1, tail + 1
        # What is put on the stack last comes off first.
        stack += [(b + i, -1, d + i, 0) for i in reversed(range(tail))]
        if a == b or c == d:
            continue
        anchors = _anchors(one[a:b], other[c:d])
        if anchors:
            bounds = [(a - 1, c - 1), *((a + i, c + j) for i, j in anchors), (b, d)]
            for (i, j), (k, m) in reversed(list(pairwise(bounds))):
                if (k, m) != (b, d):
                    stack.append((k, -1, m, 0))
                stack.append((i + 1, k, j + 1, m))
        else:
            stack += [(a + i, -1, c + j, 0) for i, j in reversed(_shortest(one[a:b], other[c:d]))]


def changes(base: Sequence[str], side: Sequence[str]) -> list[Change]:
    """What turns `base` into `side`, in order; an insertion or deletion is moved as far down as it can be."""
    found: list[Change] = []
    start = first = 0
    for i, j in [*pairs(base, side), (len(base), len(side))]:
        if (start, first) != (i, j):
            found.append(Change(start, i, first, j))
        start, first = i + 1, j + 1
    return _slid_down(base, side, found)


def slid_up(base: Sequence[str], side: Sequence[str], found: Sequence[Change]) -> list[Change]:
    """The same changes; an insertion or deletion is moved as far up as it can be."""
    slid: list[Change] = []
    for start, end, first, last in found:
        limit = slid[-1].end if slid else 0
        if start == end:
            while start > limit and side[last - 1] == base[start - 1]:
                start, end, first, last = start - 1, end - 1, first - 1, last - 1
        elif first == last:
            while start > limit and base[end - 1] == base[start - 1]:
                start, end, first, last = start - 1, end - 1, first - 1, last - 1
        slid.append(Change(start, end, first, last))
    return _joined(slid)


def similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """How much of two texts is the same lines in the same order: 0 nothing, 1 everything."""
    if not one and not other:
        return 1.0
    return 2 * sum(1 for _ in pairs(one, other)) / (len(one) + len(other))


def _anchors(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """The longest rising chain of lines that both texts hold exactly once."""
    places = _once(other)
    found = [(i, places[line]) for line, i in _once(one).items() if line in places]
    ends: list[int] = []
    chain: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(found):
        at = bisect_left(ends, j)
        before.append(chain[at - 1] if at else -1)
        ends[at : at + 1] = [j]
        chain[at : at + 1] = [index]
    picked = []
    index = chain[-1] if chain else -1
    while index >= 0:
        picked.append(found[index])
        index = before[index]
    return picked[::-1]


def _once(lines: Sequence[str]) -> dict[str, int]:
    """The place of every line that occurs once, in the order of the lines."""
    places: dict[str, int] = {}
    again: set[str] = set()
    for i, line in enumerate(lines):
        if line in places:
            again.add(line)
        places[line] = i
    return {line: i for line, i in places.items() if line not in again}


def _shortest(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs of equal lines of a shortest edit (Myers); none where it would be too long to be of use."""
    common = set(one) & set(other)
    # Lines that only one side has cannot match: without them the search is short.
    left = [i for i, line in enumerate(one) if line in common]
    right = [j for j, line in enumerate(other) if line in common]
    size = min(len(left) + len(right), _LONGEST_EDIT)
    furthest = {1: 0}
    trail: list[dict[int, int]] = []
    for edits in range(size + 1):
        trail.append(dict(furthest))
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            while x < len(left) and x - k < len(right) and one[left[x]] == other[right[x - k]]:
                x += 1
            furthest[k] = x
            if x >= len(left) and x - k >= len(right):
                return [(left[i], right[j]) for i, j in _walked(trail, len(left), len(right))]
    return []


def _walked(trail: Sequence[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    pairs = []
    for edits in range(len(trail) - 1, -1, -1):
        furthest, k = trail[edits], x - y
        down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
        previous = k + 1 if down else k - 1
        i = furthest[previous] if edits else 0
        j = i - previous if edits else 0
        while x > i and y > j:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = i, j
    return pairs[::-1]


# Where insertions and deletions are


def _slid_down(base: Sequence[str], side: Sequence[str], found: Sequence[Change]) -> list[Change]:
    slid: list[Change] = []
    for change in reversed(found):
        start, end, first, last = change
        limit = slid[-1].start if slid else len(base)
        if start == end:
            while end < limit and side[first] == base[end]:
                start, end, first, last = start + 1, end + 1, first + 1, last + 1
        elif first == last:
            while end < limit and base[start] == base[end]:
                start, end, first, last = start + 1, end + 1, first + 1, last + 1
        slid.append(Change(start, end, first, last))
    return _joined(slid[::-1])


def _joined(found: Sequence[Change]) -> list[Change]:
    joined: list[Change] = []
    for change in found:
        if joined and joined[-1].end == change.start and joined[-1].last == change.first:
            joined[-1] = Change(joined[-1].start, change.end, joined[-1].first, change.last)
        else:
            joined.append(change)
    return joined
