"""JSON, JSONC and JSON5, merged by key and item.

The user's text stays as it is, byte for byte, but for the members that the template changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from difflib import SequenceMatcher

from pyo3_kit.merge import pins
from pyo3_kit.merge.json import writing
from pyo3_kit.merge.json.reader import Member, Unreadable, Value, read, str_of
from pyo3_kit.merge.model import Labels, Merged
from pyo3_kit.merge.pairing import Pairing, Pairs
from pyo3_kit.texts.edits import Edit, Overlap, apply_edits

_IDENTITIES = ("id", "name", "label", "key", "path", "file", "url", "$ref", "taskName", "command", "description")


class _Conflict(Exception):  # noqa: N818 (an outcome that `merge` expects)
    """Both sides changed one value."""


def merge(path: str, base: str, ours: str, theirs: str, labels: Labels) -> Merged | None:  # noqa: ARG001
    """Merge three texts; None where one is not JSON, and where both sides changed one value."""
    try:
        sides = [read(text) for text in (base, ours, theirs) if text.strip()]
        edits: list[Edit] = []
        if len(sides) < 3:
            return None
        _value("", sides[0], sides[1], sides[2], edits)
        _comments(sides[0], sides[1], sides[2], edits)
        text = apply_edits(ours, edits)
        read(text)
    except (Unreadable, Overlap, _Conflict):
        return None
    return Merged(text)


def _value(key: str, base: Value | None, ours: Value, theirs: Value, edits: list[Edit]) -> None:
    """Merge the values at a key, or in the items below one."""
    if ours.plain == theirs.plain or (base is not None and theirs.plain == base.plain):
        return
    kinds = {value.kind for value in (base, ours, theirs) if value is not None}
    if kinds == {"object"}:
        _object(key, base, ours, theirs, edits)
    elif (
        kinds == {"array"} and base is not None and ours.plain != base.plain and not _lives_by_item(base, ours, theirs)
    ):
        raise _Conflict
    elif kinds == {"array"} and base is not None:
        _array(key, base, ours, theirs, edits)
    elif base is not None and ours.plain == base.plain:
        edits.append(writing.replaced(ours, theirs))
    else:
        newer = pins.newer(_pin(key, base), _pin(key, ours), _pin(key, theirs)) if base else None
        if newer is None:
            raise _Conflict
        if newer == "theirs":
            edits.append(writing.replaced(ours, theirs))


def _pin(key: str, value: Value) -> pins.Pin | None:
    text = str_of(value)
    return None if text is None else pins.read_pin(key, text)


def _lives_by_item(*sides: Value) -> bool:
    """Whether the items of arrays mean something alone; numbers and truth values do not."""
    values = [member.value for side in sides for member in side.members]
    return all(value.kind != "scalar" or value.source[0] in "\"'" for value in values)


def _object(key: str, base: Value | None, ours: Value, theirs: Value, edits: list[Edit]) -> None:
    b = {member.key: member for member in base.members} if base else {}
    o = {member.key: member for member in ours.members}
    gone: list[Member] = []
    new: list[tuple[Member | None, Member]] = []
    after: Member | None = None
    known = {member.key for member in theirs.members}
    for name, was in b.items():
        if name in o and name not in known:
            if o[name].value.plain != was.value.plain:
                raise _Conflict
            gone.append(o[name])
    if _tags(o.keys() - b.keys()) & _tags(known - b.keys()) & _tags(b.keys() - known - o.keys()):
        # A pinned key, `name:tag`, that both sides raised.
        raise _Conflict
    for yours in theirs.members:
        mine, before = o.get(yours.key), b.get(yours.key)
        if mine is not None:
            # Packages are named by their keys: what they are is said by the key above.
            place = key if key.endswith("ependencies") else yours.key
            _value(place, before.value if before else None, mine.value, yours.value, edits)
            after = mine
        elif before is None:
            new.append((after, yours))
        elif before.value.plain != yours.value.plain:
            raise _Conflict
    _change(ours, theirs, gone, new, edits)


def _comments(base: Value, ours: Value, theirs: Value, edits: list[Edit]) -> None:
    """Take the comments that the template changed above members which all three have; the user's own stay."""
    if {base.kind, ours.kind, theirs.kind} != {"object"}:
        return
    before, after = ({member.key: member for member in side.members} for side in (base, theirs))
    for mine in ours.members:
        was, yours = before.get(mine.key), after.get(mine.key)
        if was is None or yours is None:
            continue
        old, own, new = map(writing.comments_above, (was, mine, yours))
        if own == old != new and writing.begins_its_line(mine):
            edits.append(writing.with_comments(mine, new))
        _comments(was.value, mine.value, yours.value, edits)


def _array(key: str, base: Value, ours: Value, theirs: Value, edits: list[Edit]) -> None:
    b, o, t = ([member.value for member in side.members] for side in (base, ours, theirs))
    by_ours, by_theirs = _PAIRING.pair(b, o), _PAIRING.pair(b, t)
    if _moved(by_theirs):
        raise _Conflict
    gone: list[Member] = []
    partner: dict[int, Member] = {}
    for at, was in enumerate(b):
        mine = ours.members[by_ours.to[at]] if at in by_ours.to else None
        yours = theirs.members[by_theirs.to[at]] if at in by_theirs.to else None
        if yours is None:
            if mine is not None and mine.value.plain != was.plain:
                raise _Conflict
            if mine is not None:
                gone.append(mine)
        elif mine is not None:
            partner[by_theirs.to[at]] = mine
            _value(key, was, mine.value, yours.value, edits)
        elif yours.value.plain != was.plain:
            raise _Conflict
    added = by_theirs.left(len(t))
    own = by_ours.left(len(o))
    both = _PAIRING.known([o[at] for at in own], [t[at] for at in added])
    for mine_at, yours_at in both.to.items():
        one, other = ours.members[own[mine_at]], theirs.members[added[yours_at]]
        partner[added[yours_at]] = one
        _value(key, None, one.value, other.value, edits)
    new: list[tuple[Member | None, Member]] = []
    after: Member | None = None
    for at, member in enumerate(theirs.members):
        if at in partner:
            after = partner[at]
        elif at in added:
            new.append((after, member))
    _change(ours, theirs, gone, new, edits)


def _tags(names: Iterable[str]) -> set[str]:
    """The names of images and features among keys, without their tags."""
    return {name.rpartition(":")[0] for name in names if "/" in name and ":" in name}


def _change(
    ours: Value,
    theirs: Value,
    gone: Sequence[Member],
    new: Sequence[tuple[Member | None, Member]],
    edits: list[Edit],
) -> None:
    if gone and new and len(gone) == len(ours.members):
        raise _Conflict
    leaving = set(map(id, gone))
    if any(after is not None and id(after) in leaving for after, _ in new):
        raise _Conflict
    if gone:
        edits += writing.removed(ours, gone)
    places: dict[int | None, tuple[Member | None, list[Member]]] = {}
    for after, member in new:
        places.setdefault(id(after) if after else None, (after, []))[1].append(member)
    for after, members in places.values():
        edits += writing.inserted(ours, after, members, theirs)


def _moved(pairs: Pairs) -> bool:
    places = [pairs.to[at] for at in sorted(pairs.to)]
    return places != sorted(places)


def _keyed(key: str) -> Callable[[Value], Hashable]:
    def identity(value: Value) -> Hashable:
        found = value.get(key)
        return None if found is None or found.kind != "scalar" else (key, found.plain)

    return identity


def _alike(one: Value, other: Value) -> float:
    if one.kind != other.kind:
        return 0.0
    if one.kind == "scalar":
        return SequenceMatcher(None, one.source[:200], other.source[:200], autojunk=False).ratio()
    a, b = (Counter((member.key, member.value.plain) for member in value.members) for value in (one, other))
    total = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / total if total else 1.0


_PAIRING: Pairing[Value] = Pairing(
    (lambda value: value.plain, *map(_keyed, _IDENTITIES)), _alike, lambda value: value.kind == "object"
)
