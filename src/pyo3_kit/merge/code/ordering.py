"""The order of the elements of a merged body or list, and what is between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from pyo3_kit.merge.code.nodes import Element
from pyo3_kit.merge.code.pairing import Keyed

SORTED = frozenset({"use", "mod", "import", "name"})
"""The kinds that rustfmt and ruff sort."""

LOOSE = "statement"
"""The kind of what has no name and runs in its order."""

Word = tuple[str, ...]


class Unordered(Exception):  # noqa: N818 (said as it is raised)
    """Nothing says which of two elements comes first, and it matters.

    `ours` and `theirs` are the keys of what both sides added at the same place; empty when they moved elements.
    """

    def __init__(self, ours: Sequence[str] = (), theirs: Sequence[str] = ()) -> None:
        super().__init__()
        self.ours, self.theirs = list(ours), list(theirs)


def order(base: Keyed, ours: Keyed, theirs: Keyed, kept: Iterable[str], *, ordered: bool = False) -> list[str]:
    """The keys that are `kept`, in the order of who moved them; additions beside their neighbours, theirs first.

    `Unordered` where both sides moved elements, or both added some at the same place, and the order means something.
    """
    wanted = set(kept)
    in_base = [key for key in base if key in wanted]
    in_ours = [key for key in ours if key in wanted]
    in_theirs = [key for key in theirs if key in wanted]
    common = _skeleton(in_base, in_ours, in_theirs, lambda key: ordered or ours[key].kind == LOOSE)
    shared = set(common)
    from_theirs = _gaps(in_theirs, shared, theirs, common)
    from_ours = _gaps(in_ours, shared, ours, common)
    sorting = _Sorting(ours, theirs)
    found: list[str] = []
    for place in [None, *common]:
        if place is not None:
            found.append(place)
        mine, yours = from_ours.get(place, _Gap()), from_theirs.get(place, _Gap())
        if mine and yours:
            _may_meet(mine, yours, ours, theirs, ordered)
        for a, b in zip(yours.parts, mine.parts, strict=True):
            found += sorting.joined(a, b)
    return found


def _skeleton(base: list[str], ours: list[str], theirs: list[str], matters: Callable[[str], bool]) -> list[str]:
    shared = set(ours) & set(theirs)
    in_ours, in_theirs = [k for k in ours if k in shared], [k for k in theirs if k in shared]
    if in_ours == in_theirs:
        return in_ours
    known = set(base) & shared
    before = [k for k in base if k in known]
    if [k for k in in_ours if k in known] == before:
        return in_theirs
    if [k for k in in_theirs if k in known] != before and any(matters(k) for k in shared):
        raise Unordered
    return in_ours


class _Gap:
    """What one side added at one place: close to what is before it, on its own, close to what follows."""

    def __init__(self) -> None:
        self.parts: tuple[list[str], list[str], list[str]] = ([], [], [])

    def __bool__(self) -> bool:
        return any(self.parts)

    @property
    def keys(self) -> list[str]:
        return [key for part in self.parts for key in part]


def _gaps(keys: list[str], shared: set[str], side: Keyed, common: list[str]) -> dict[str | None, _Gap]:
    """What a side added, by the shared element that it follows."""
    gaps: dict[str | None, _Gap] = {}
    previous: dict[str, str | None] = {key: before for before, key in pairwise([None, *common]) if key is not None}
    places = {key: at for at, key in enumerate(common)}
    anchor: str | None = None
    last: str | None = None
    run: list[str] = []
    for key in [*keys, None]:
        if key is not None and key not in shared:
            run.append(key)
            continue
        if run:
            if any(side[each].kind in (LOOSE, "import") for each in run):
                # What runs in its order comes behind all that was before it, wherever the other side moved that.
                anchor = last
            close, alone, ahead = _split(run, anchor, key, side)
            gaps.setdefault(anchor, _Gap()).parts[0].extend(close)
            gaps[anchor].parts[1].extend(alone)
            gaps.setdefault(previous[key] if key is not None and ahead else anchor, _Gap()).parts[2].extend(ahead)
        run, anchor = [], key
        if key is not None and (last is None or places[key] > places[last]):
            last = key
    return gaps


def _split(
    run: list[str], anchor: str | None, following: str | None, side: Keyed
) -> tuple[list[str], list[str], list[str]]:
    first, last = 0, len(run)
    while anchor is not None and first < last and not side[run[first]].blank_lines:
        first += 1
    after = following
    while after is not None and last > first and not side[after].blank_lines:
        last -= 1
        after = run[last]
    return run[:first], run[first:last], run[last:]


def _may_meet(mine: _Gap, yours: _Gap, ours: Keyed, theirs: Keyed, ordered: bool) -> None:
    loose = any(ours[k].kind == LOOSE for k in mine.keys) and any(theirs[k].kind == LOOSE for k in yours.keys)
    if ordered or loose:
        raise Unordered(mine.keys, yours.keys)


class _Sorting:
    """Additions of both sides at one place: sorted where the project's and the template's neighbours are."""

    def __init__(self, ours: Keyed, theirs: Keyed) -> None:
        self._sides = (ours, theirs)

    def joined(self, theirs: list[str], ours: list[str]) -> list[str]:
        elements = [self._element(key) for key in (*theirs, *ours)]
        kinds = {element.kind for element in elements}
        if theirs and ours and len(kinds) == 1 and kinds <= SORTED and all(element.order for element in elements):
            for rule in RULES:
                if all(_is_sorted(list(side.values()), elements[0].kind, rule) for side in self._sides):
                    return sorted((*theirs, *ours), key=lambda key: rule(self._element(key).order))
        both = [*theirs, *ours]
        if "import" in kinds:
            # What the statements need is there before them.
            both.sort(key=lambda key: self._element(key).kind != "import")
        return both

    def _element(self, key: str) -> Element:
        ours, theirs = self._sides
        return ours[key] if key in ours else theirs[key]


def _is_sorted(side: Sequence[Element], kind: str, rule: Callable[[Word], Any]) -> bool:
    run: list[Any] = []
    for element in side:
        if element.kind != kind or element.blank_lines:
            run = []
        if element.kind == kind:
            word = rule(element.order)
            if run and not run[-1] <= word:
                return False
            run.append(word)
    return True


def _case(word: str) -> str:
    if word.isupper() and len(word) > 1:
        return "constant"
    return "class" if word[:1].isupper() else "other"


def _plain(word: Word) -> Any:
    return word


def _by_case(word: Word) -> Any:
    """Constants, then classes, then the rest, as ruff sorts names."""
    return [({"constant": 0, "class": 1}.get(_case(part), 2), part.lower(), part) for part in word]


def _small_first(word: Word) -> Any:
    """Modules and functions, then types, then constants, as rustfmt sorts names up to the edition of 2021."""
    return [({"constant": 2, "class": 1}.get(_case(part), 0), part) for part in word]


def _without_case(word: Word) -> Any:
    return [part.lower() for part in word]


RULES: tuple[Callable[[Word], Any], ...] = (_plain, _by_case, _small_first, _without_case)


def gaps(keys: Sequence[str], base: Keyed, ours: Keyed, theirs: Keyed) -> list[str]:
    """The white space before each of the elements in their merged order."""
    before, mine, yours = _Spacing(base), _Spacing(ours), _Spacing(theirs)
    found: list[str] = []
    for previous, key in pairwise([None, *keys]):
        assert key is not None
        in_ours, in_theirs = mine.between(previous, key), yours.between(previous, key)
        if in_ours is not None and in_theirs is not None:
            in_base = before.between(previous, key)
            found.append(in_theirs if in_base == in_ours else in_ours)
        elif in_ours is not None or in_theirs is not None:
            found.append(in_ours if in_ours is not None else in_theirs or "")
        elif previous is not None and _one_family(previous, key, ours, theirs):
            found.append("\n")
        else:
            after = next((side.after(previous) for side in (mine, yours) if side.has(previous)), None)
            ahead = next((side.ahead(key) for side in (mine, yours) if side.has(key)), None)
            both = [gap for gap in (after, ahead) if gap is not None]
            found.append(min(both, key=lambda gap: gap.count("\n")) if both else "\n" if previous is not None else "")
    return found


def _one_family(first: str, second: str, ours: Keyed, theirs: Keyed) -> bool:
    a, b = (ours[key] if key in ours else theirs[key] for key in (first, second))
    return a.family != "" and a.family == b.family


class _Spacing:
    """What is between the elements of one side."""

    def __init__(self, side: Keyed) -> None:
        self._side = side
        order: list[str | None] = [None, *side]
        self._before = {key: previous for previous, key in pairwise(order) if key is not None}
        self._next = {previous: key for previous, key in pairwise(order) if key is not None}

    def has(self, key: str | None) -> bool:
        return key is None or key in self._side

    def between(self, previous: str | None, key: str) -> str | None:
        """The white space between two neighbours; None when they are none. What is before the first is None."""
        if key not in self._side or self._before[key] != previous:
            return None
        return self._side[key].gap

    def after(self, previous: str | None) -> str | None:
        following = self._next.get(previous)
        return None if following is None else self._side[following].gap

    def ahead(self, key: str) -> str | None:
        return None if self._before[key] is None else self._side[key].gap
