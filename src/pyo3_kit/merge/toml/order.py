"""The order of an array's elements."""

from __future__ import annotations

from pyo3_kit.merge.toml.units import Group, Unit


def arranged(groups: list[Group], units: list[list[Unit]], kept: set[int], *, may_reorder: bool) -> list[Group]:
    """The groups of `kept` (by their `id`) in the order of the result.

    The template's order where the user has left it alone; else the user's, and what the template adds comes after what
    is before it in the template, or where the user's sorted neighbours ask for it.
    """
    _, ours, theirs = units
    by_ours = {id(group.ours): group for group in groups if group.ours is not None}
    by_theirs = {id(group.theirs): group for group in groups if group.theirs is not None}
    yours = [by_ours[id(unit)] for unit in ours]
    now = [by_theirs[id(unit)] for unit in theirs]
    before = [group for group in groups if group.base is not None]
    untouched = before == yours and may_reorder
    # What the template leaves or adds alone decides the order; what the user has besides goes where it was.
    first, second = (now, yours) if untouched else (yours, _woven(now, before))
    order = list(first)
    placed = {id(group) for group in order}
    for place, group in enumerate(second):
        if id(group) in kept and id(group) not in placed:
            placed.add(id(group))
            order.insert(_place(order, second, place), group)
    return [group for group in order if id(group) in kept]


def _woven(now: list[Group], before: list[Group]) -> list[Group]:
    """The template's elements with those that it drops at their old place: what comes instead of one comes there."""
    woven, known, previous = list(now), {id(group) for group in now}, -1
    for group in before:
        if id(group) in known:
            previous = woven.index(group)
        else:
            previous += 1
            woven.insert(previous, group)
    return woven


def _place(order: list[Group], siblings: list[Group], place: int) -> int:
    for sibling in reversed(siblings[:place]):
        if sibling in order:
            after = order.index(sibling) + 1
            return after if sibling.theirs is None else _sorted(order, after, siblings[place])
    for sibling in siblings[place + 1 :]:
        if sibling in order:
            return order.index(sibling)
    return len(order)


def _sorted(order: list[Group], place: int, group: Group) -> int:
    """Go past the user's own elements as long as all of them are in alphabetical order with the new one."""
    while (
        place < len(order)
        and order[place].theirs is None
        and order[place].base is None
        and _name(order[place - 1]) <= _name(order[place]) < _name(group)
    ):
        place += 1
    return place


def _name(group: Group) -> str:
    unit = group.ours or group.theirs
    return unit.key[-1].lower() if unit else ""
