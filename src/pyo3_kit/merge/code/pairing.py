"""Which elements of three versions of a body or a list are the same one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from pyo3_kit.merge.code.nodes import Element

Keyed = dict[str, Element]
"""Elements by their key, in their order."""

_ENOUGH_TOKENS = 8
_ALIKE = 0.75
_LOOSE = 0.5


def paired(
    base: Sequence[Element] | None, ours: Sequence[Element], theirs: Sequence[Element]
) -> tuple[Keyed, Keyed, Keyed]:
    """The three versions by keys that mean the same element in each of them; a renamed one has its key of the base."""
    sides = [list(base or ()), list(ours), list(theirs)]
    keys = _unique([[element.keys[0] for element in side] for side in sides], sides, base is not None)
    first, second, third = (dict(zip(names, side, strict=True)) for names, side in zip(keys, sides, strict=True))
    return first, _renamed(first, second, third), _renamed(first, third, second)


def _unique(keys: list[list[str]], sides: list[list[Element]], with_base: bool) -> list[list[str]]:
    depth = max((len(element.keys) for side in sides for element in side), default=1)
    for level in range(1, depth + 1):
        twice = _twice(keys)
        if not twice:
            return keys
        for side, names in zip(sides, keys, strict=True):
            for i, element in enumerate(side):
                if names[i] in twice and level < len(element.keys):
                    names[i] = element.keys[level]
    counted = keys if with_base else keys[1:]
    for name in _twice(keys):
        same = len({names.count(name) for names in counted}) == 1
        for side, names in zip(sides, keys, strict=True):
            for i, element in enumerate(side):
                if names[i] == name and not same:
                    names[i] = f"{name} {' '.join(element.tokens)}"
    for names in keys:
        seen: Counter[str] = Counter()
        for i, name in enumerate(names):
            seen[name] += 1
            if seen[name] > 1:
                names[i] = f"{name} #{seen[name]}"
    return keys


def _twice(keys: list[list[str]]) -> set[str]:
    return {name for names in keys for name, times in Counter(names).items() if times > 1}


def _renamed(base: Keyed, side: Keyed, other: Keyed) -> Keyed:
    """The side with the base's keys for what it renamed; only where the other side changed it too, or removed it."""
    gone = [k for k in base if k not in side and (k not in other or other[k].node.text != base[k].node.text)]
    new = [k for k in side if k not in base]
    found: list[tuple[float, str, str]] = []
    for old in gone:
        for name in new:
            # A name that is new on both sides can be a renaming by both only.
            likeness = _likeness(base[old], side[name]) if name not in other or old not in other else 0
            if likeness:
                found.append((likeness, old, name))
    names: dict[str, str] = {}
    for _, old, name in sorted(found, key=lambda match: -match[0]):
        if old not in names.values() and name not in names:
            names[name] = old
    return {names.get(key, key): element for key, element in side.items()}


def _likeness(old: Element, new: Element) -> float:
    """How much of one element is in the other; 0 where they cannot be the same one."""
    if old.kind != new.kind or min(len(old.tokens), len(new.tokens)) < _ENOUGH_TOKENS:
        return 0
    ratio = SequenceMatcher(None, old.tokens, new.tokens, autojunk=False).ratio()
    return ratio if ratio >= (_LOOSE if old.kind == "statement" else _ALIKE) else 0
