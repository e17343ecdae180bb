"""What the elements of arrays are, and which of them are the same one on the three sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pyo3_kit.merge import identities
from pyo3_kit.merge.toml import policy, requirements
from pyo3_kit.merge.toml.nodes import Array, Cell, Data, ListLike, Node, Scalar


@dataclass(eq=False, slots=True)
class Unit:
    """An element of an array, or two that belong together (`--cfg x`). `label` names it in a conflict's key."""

    key: tuple[str, ...]
    label: str
    nodes: tuple[Node, ...]
    cells: tuple[Cell, ...]

    @property
    def data(self) -> list[Data]:
        """The value, or the two."""
        return [node.data for node in self.nodes]


@dataclass(eq=False, slots=True)
class Group:
    """The same element on the three sides; None where a side does not have it."""

    base: Unit | None = None
    ours: Unit | None = None
    theirs: Unit | None = None


def is_mergeable(at: policy.Path, array: ListLike | None) -> bool:
    """Whether the elements of an array live for themselves.

    Numbers, dates and truth values do not, nor does a last argument that takes what comes behind it.
    """
    if array is None or not array.items:
        return True
    is_open = policy.is_flags(at) and policy.is_option(str(array.items[-1].data))
    return not is_open and not any(isinstance(node, Scalar) and isinstance(node.data, tuple) for node in array.items)


def cut(path: str, at: policy.Path, sides: Sequence[ListLike | None]) -> list[list[Unit]]:
    """The elements of the arrays, each with a key that is unique in its array and the same on all sides."""
    cutter = _Cutter(path, at, any(map(_has_options, sides)))
    raw = [cutter.units(side) if side is not None else [] for side in sides]
    crowded = any(count > 1 for units in raw for count in Counter(unit.key for unit in units).values())
    for units in raw:
        seen: Counter[tuple[str, ...]] = Counter()
        for unit in units:
            if crowded and cutter.requirements and (parts := requirements.parse(str(unit.data[0]))):
                unit.key = (*unit.key, "".join(parts.marker.split()))
            seen[unit.key] += 1
            if seen[unit.key] > 1:
                unit.key = (*unit.key, f"#{seen[unit.key]}")
    return raw


class _Cutter:
    def __init__(self, path: str, at: policy.Path, has_options: bool) -> None:
        self.requirements = policy.is_requirements(path, at)
        self.flags = policy.is_flags(at)
        self.kind = "argument" if has_options and not self.flags else ""
        self.strings_name = policy.names_in_strings(path)

    def units(self, array: ListLike) -> list[Unit]:
        units: list[Unit] = []
        nodes = array.items
        cells = array.cells if isinstance(array, Array) else []
        index = 0
        while index < len(nodes):
            width = 1
            key, label = self.key(nodes[index])
            option = nodes[index].data
            if self.flags and isinstance(option, str) and policy.is_option(option) and index + 1 < len(nodes):
                width, value = 2, str(nodes[index + 1].data)
                key, label = ("flag", policy.flag_key(option, value)), f"{option} {value}"
            units.append(Unit(key, label, tuple(nodes[index : index + width]), tuple(cells[index : index + width])))
            index += width
        return units

    def key(self, node: Node) -> tuple[tuple[str, ...], str]:
        data = node.data
        if isinstance(data, dict):
            for name in identities.TOML:
                if isinstance(data.get(name), str):
                    return ("" if self.strings_name else name, str(data[name])), f"{name}={data[name]}"
                if isinstance(data.get(name), list) and data[name]:
                    text = ",".join(str(each) for each in data[name])
                    return (name, text), f"{name}={text}"
            return ("value", repr(data)), ",".join(data)
        if self.requirements and isinstance(data, str) and (parts := requirements.parse(data)):
            name = requirements.normalised(parts.name)
            return ("requirement", name), f"name={name}"
        if isinstance(data, str):
            if self.flags and data[:2] in {"-C", "-Z"} and "=" in data:
                key = policy.flag_key(data[:2], data[2:])
                return ("flag", key), data
            return (self.kind, data), data
        return ("value", repr(data)), repr(data)


def _has_options(side: ListLike | None) -> bool:
    return side is not None and any(str(node.data).startswith("-") for node in side.items)


def match(base: list[Unit], ours: list[Unit], theirs: list[Unit]) -> list[Group]:
    """Put the elements of the three sides together; in the order of base, then ours, then theirs."""
    groups = {unit.key: Group(base=unit) for unit in base}
    left_ours = [unit for unit in ours if unit.key not in groups]
    left_theirs = [unit for unit in theirs if unit.key not in groups]
    for unit in ours:
        if unit.key in groups:
            groups[unit.key].ours = unit
    for unit in theirs:
        if unit.key in groups:
            groups[unit.key].theirs = unit
    theirs_keys, ours_keys = {unit.key for unit in left_theirs}, {unit.key for unit in left_ours}
    for before, now in _replaced(base, ours):
        group = groups[before.key]
        if now.key not in theirs_keys or group.theirs is None:
            group.ours = now
            left_ours.remove(now)
    for before, now in _replaced(base, theirs):
        group = groups[before.key]
        if now.key not in ours_keys or group.ours is None or group.ours.key == now.key:
            group.theirs = now
            left_theirs.remove(now)
    # What the template adds elsewhere under the same key is this one, not a second one.
    keys = {unit.key for unit in left_theirs}
    for group in groups.values():
        if group.base and group.ours and group.ours.key != group.base.key and group.ours.key in keys:
            left_ours.append(group.ours)
            group.ours = None
    added = {unit.key: Group(ours=unit) for unit in left_ours}
    for unit in left_theirs:
        added.setdefault(unit.key, Group()).theirs = unit
    return [*groups.values(), *added.values()]


def _replaced(before: list[Unit], now: list[Unit]) -> list[tuple[Unit, Unit]]:
    """Elements that take the place of others that are much like them: a changed one has no key of its own."""
    places = {unit.key: place for place, unit in enumerate(now)}
    # The keys that are not to be had: those of elements that are there on both sides, or that have replaced one.
    taken = {unit.key for unit in before}
    found: list[tuple[Unit, Unit]] = []
    run: list[Unit] = []
    left = -1
    for unit in [*before, None]:
        if unit is not None and unit.key not in places:
            run.append(unit)
            continue
        right = places[unit.key] if unit is not None else len(now)
        candidates = [each for each in now[left + 1 : right] if each.key not in taken]
        for old in run:
            best = max(candidates, key=lambda each: likeness(old, each), default=None)
            if best is not None and likeness(old, best) > 0:
                found.append((old, best))
                candidates.remove(best)
                taken.add(best.key)
        run, left = [], right
    return found


def likeness(before: Unit, now: Unit) -> float:
    """How likely one element is the other one changed, 0 when it is not."""
    if len(before.nodes) != 1 or len(now.nodes) != 1 or before.key[0] != now.key[0]:
        return 0
    old, new = before.nodes[0].data, now.nodes[0].data
    if before.key[0] == "requirement" or type(old) is not type(new):
        return 0
    if isinstance(old, str):
        from difflib import SequenceMatcher

        if before.key[0] == "argument":
            one, other = (each.partition("=")[0] if each.startswith("-") else "" for each in (old, str(new)))
            if one == other:
                # The same option with another value, or what is given to the option before it.
                return 1 if one else 0.1
        ratio = SequenceMatcher(None, old, new, autojunk=False).ratio()
        return ratio if ratio >= 0.6 else 0
    if isinstance(old, list):
        return _shared(old, new)
    if isinstance(old, dict):
        for name in identities.TOML:
            if name in old:
                listed = isinstance(old[name], list) and isinstance(new.get(name), list)
                return _shared(old[name], new[name]) if listed else 0
        # Without a name the place says which one it is.
        return 0.1 + _shared(list(old.items()), list(new.items()))
    return 0


def _shared(before: list[Data], now: list[Data]) -> float:
    same = sum(1 for each in before if each in now)
    union = len(before) + len(now) - same
    return same / union if union and same * 2 >= min(len(before), len(now)) else 0
