"""Lists of three sides: items by what they are, in the user's order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyo3_kit.merge.pairing import Pairs, longest_rising
from pyo3_kit.merge.yaml.changes import Changes
from pyo3_kit.merge.yaml.nodes import Entry, Node
from pyo3_kit.merge.yaml.pairing import label, pair, pair_new
from pyo3_kit.merge.yaml.sides import touched

MergeEntry = Callable[[str, "Node | None", Entry, Entry, Entry], None]
"""Merges an entry that all three sides have: its key, its parent in ours, base, ours, theirs."""


def merge_list(
    changes: Changes,
    merge_entry: MergeEntry,
    key: str,
    items: tuple[list[Entry], list[Entry], list[Entry]],
    sides: tuple[Entry | None, Entry, Entry],
) -> None:
    """Merge the `items` of the three `sides`; what all of them have goes to `merge_entry`."""
    base, ours, theirs = sides
    b, o, t = items
    if base is None and not _may_join(o, t):
        if ours.value.plain != theirs.value.plain:
            changes.conflict(key, None, ours, theirs)
        return
    by_us, by_them = _pair(b, o), _pair(b, t)
    moved, order_clash = _moves(by_us, by_them)
    if order_clash:
        changes.conflict(key, base, ours, theirs)
    # Commands in whose place the user wrote others.
    rewritten = {i for old, _ in by_us.gaps(len(b), len(o)) for i in old if b[i].value.kind == "scalar"}
    gone: list[Entry] = []
    placed: dict[int, Entry] = {}
    for i, item in enumerate(b):
        mine = o[by_us.to[i]] if i in by_us.to else None
        yours = t[by_them.to[i]] if i in by_them.to else None
        if mine is None:
            if yours and i in rewritten and yours.value.plain != item.value.plain:
                changes.conflict(key + label(item.value, i), item, None, yours)
            continue
        below = key + label(mine.value, by_us.to[i])
        weak_us, weak_them = i in by_us.weak, i in by_them.weak
        if yours is None:
            if weak_us:
                continue
            if touched(item, mine):
                changes.conflict(below, item, mine, None)
            else:
                gone.append(mine)
        elif weak_us and yours.value.plain != item.value.plain and yours.value.plain != mine.value.plain:
            changes.conflict(below, item, mine, yours)
        elif i in moved and not touched(item, mine):
            gone.append(mine)
        elif i in moved:
            changes.conflict(key, base, ours, theirs)
            placed[by_them.to[i]] = mine
        elif weak_them and mine.value.plain != item.value.plain:
            changes.conflict(below, item, mine, yours)
            placed[by_them.to[i]] = mine
        else:
            placed[by_them.to[i]] = mine
            if not weak_us:
                merge_entry(below, ours.value, item, mine, yours)
    _join(changes, key, items, (by_us, by_them), (ours.value, placed, gone, moved))


def _join(
    changes: Changes,
    key: str,
    items: tuple[list[Entry], list[Entry], list[Entry]],
    pairs: tuple[Pairs, Pairs],
    state: tuple[Node, dict[int, Entry], list[Entry], set[int]],
) -> None:
    """Items that the template added, where its neighbours are in ours."""
    b, o, t = items
    by_us, by_them = pairs
    parent, placed, gone, moved = state
    new_ours = by_us.left(len(o))
    new_theirs = by_them.left(len(t))
    both = pair_new([t[j].value for j in new_theirs], [o[i].value for i in new_ours])
    for at, to in both.to.items():
        mine, yours = o[new_ours[to]], t[new_theirs[at]]
        placed[new_theirs[at]] = mine
        if mine.value.plain != yours.value.plain:
            # Half of one step and half of another is none.
            changes.conflict(key + label(mine.value, new_ours[to]), None, mine, yours)
    # What the user replaced an old item by is there already, in whatever way it came.
    changed = {item.value.plain for i, item in _changed(b, o, by_us)}
    back = {j: i for i, j in by_them.to.items()}
    new: list[tuple[Entry | None, Entry]] = []
    after: Entry | None = None
    for j, yours in enumerate(t):
        i = back.get(j)
        if j in placed:
            after = placed[j]
        elif i is not None and i in by_us.to and i in moved:
            new.append((after, yours))
        elif i is not None and (i in by_us.to or i not in by_them.weak or yours.value.plain == b[i].value.plain):
            continue
        elif yours.value.plain not in changed:
            new.append((after, yours))
    changes.change(key, parent, gone, new)


def _changed(b: Sequence[Entry], o: Sequence[Entry], by_us: Pairs) -> list[tuple[int, Entry]]:
    return [(i, o[j]) for i, j in by_us.to.items() if o[j].value.plain != b[i].value.plain]


def _pair(one: Sequence[Entry], other: Sequence[Entry]) -> Pairs:
    return pair([entry.value for entry in one], [entry.value for entry in other])


def _may_join(ours: Sequence[Entry], theirs: Sequence[Entry]) -> bool:
    """Whether two lists that both sides added can become one: only where one of them holds the other."""
    plain = [entry.value.plain for entry in ours]
    return all(entry.value.plain in plain for entry in theirs)


def _moves(by_us: Pairs, by_them: Pairs) -> tuple[set[int], bool]:
    """The items that the template moved, where the user moved none; and whether both sides moved some otherwise."""
    common = [i for i in by_them.to if i in by_us.to and i not in by_us.weak and i not in by_them.weak]
    by_theirs = sorted(common, key=lambda i: by_them.to[i])
    by_ours = sorted(common, key=lambda i: by_us.to[i])
    if by_theirs in (sorted(common), by_ours):
        return set(), False
    if by_ours != sorted(common):
        return set(), True
    return set(common) - longest_rising(by_theirs), False
