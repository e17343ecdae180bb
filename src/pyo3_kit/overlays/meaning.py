"""What a fragment means for a file: the values it affects, and the new values.

A mapping's keys are merged one by one, at every depth. A list keeps its items: an item of the fragment that is
in the list changes it, any other is added. `$remove` as a value removes a key; `$remove: true` in an item, or
`$remove NAME`, removes an item. `$replace` as the first item, or `$replace: true` in a mapping, makes the rest
replace everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from pyo3_kit.merge import identities
from pyo3_kit.merge.toml import policy, requirements
from pyo3_kit.overlays.values import Mapping, Sequence, Value, is_true, text_of

REMOVE = "$remove"
REPLACE = "$replace"

Place: TypeAlias = tuple[str | int, ...]

_GONE: Any = object()


@dataclass(frozen=True, slots=True)
class Meaning:
    """The values of a file that a fragment affects, before and after.

    Everything else in the file is in neither, and is kept. `goes` are the positions of removed values, which are
    also in `before`: keys, and indices in lists.
    """

    before: Mapping
    after: Mapping
    goes: tuple[Place, ...]

    @property
    def done(self) -> bool:
        """Whether the file already has all of it."""
        return not self.goes and self.before == self.after


def meaning(path: str, target: Mapping, fragment: Mapping) -> Meaning:
    """The meaning of the fragment for the file at `path` with these values."""
    reading = _Reading(path)
    before, after = reading.mapping(target, fragment, ())
    return Meaning(before, after, tuple(reading.goes))


class _Reading:
    def __init__(self, path: str) -> None:
        self.path = path
        self.goes: list[Place] = []

    def value(self, target: Value, fragment: Value, at: Place) -> tuple[Value, Value]:
        if target == fragment and not getattr(fragment, "remark", ""):
            # Unchanged, with the comment after it.
            return target, target
        if isinstance(target, Mapping) and isinstance(fragment, Mapping):
            return self.mapping(target, fragment, at)
        if isinstance(target, Sequence) and isinstance(fragment, Sequence):
            return self.sequence(target, fragment, at)
        return self.replaced(target, _clean(fragment), at)

    def replaced(self, target: Value, wanted: Value, at: Place) -> tuple[Value, Value]:
        """A value that is replaced as a whole."""
        if isinstance(target, Mapping) and isinstance(wanted, Mapping):
            self.goes += [(*at, key) for key in target if key not in wanted]
            for key in wanted.keys() & target.keys():
                self.replaced(target[key], wanted[key], (*at, key))
        elif isinstance(target, Sequence) and isinstance(wanted, Sequence):
            self.goes += [(*at, place) for place, item in enumerate(target) if item not in wanted]
        elif isinstance(target, (Mapping, Sequence)):
            self.goes.append(at)
        return target, wanted

    def mapping(self, target: Mapping, fragment: Mapping, at: Place) -> tuple[Mapping, Mapping]:
        if is_true(fragment.get(REPLACE)):
            return self.replaced(target, _clean(fragment), at)
        before, after = Mapping(), Mapping()
        for key, value in fragment.items():
            if text_of(value) == REMOVE:
                if key in target:
                    before[key] = target[key]
                    self.goes.append((*at, key))
            elif key in target:
                before[key], after[key] = self.value(target[key], value, (*at, key))
            else:
                if not after and (last := next((one for one in reversed(target) if one not in fragment), None)):
                    # A new key without a neighbour goes to the end, marked by the last key.
                    before[last] = after[last] = target[last]
                after[key] = _clean(value)
        return before, after

    def sequence(self, target: Sequence, fragment: Sequence, at: Place) -> tuple[Sequence, Sequence]:
        if fragment and text_of(fragment[0]) == REPLACE:
            return self.replaced(target, _clean(fragment), at)
        before: dict[int, Value] = {}
        after: dict[int, Value] = {}
        # A new item goes after the item before it, or else before the one after it.
        behind: dict[int, list[Value]] = {}
        front: list[Value] = []
        last = -1
        for item in fragment:
            place = self.find(target, item, at)
            if _is_removal(item):
                if place is not None:
                    before[place] = target[place]
                    self.goes.append((*at, place))
            elif place is None:
                (front if last < 0 else behind.setdefault(last, [])).append(_clean(item))
            else:
                last = place
                before[place], after[place] = self.value(target[place], item, (*at, place))
                if front:
                    after[place] = (front, after[place])
                    front = []
        if front and target:
            # Without a neighbour it goes to the end, marked by the last item.
            last = len(target) - 1
            if last not in before:
                before[last] = after[last] = target[last]
            behind[last] = [*behind.get(last, []), *front] if last in after else front
            front = []
        now = Sequence()
        for place in sorted({*after, *behind}):
            item = after.get(place, _GONE)
            if isinstance(item, tuple):
                now += [*item[0], item[1]]
            elif item is not _GONE:
                now.append(item)
            now += behind.get(place, [])
        now += front
        then = Sequence(before[place] for place in sorted(before))
        then.flow = now.flow = target.flow
        return then, now

    def find(self, target: Sequence, item: Value, at: Place) -> int | None:
        """The index in the list of an item of the fragment."""
        text = text_of(item)
        if text is not None and text.startswith(f"{REMOVE} "):
            text = text.removeprefix(f"{REMOVE} ").strip()
            return next((i for i, other in enumerate(target) if self.same_text(text, text_of(other), at)), None)
        if isinstance(item, Mapping):
            return next((i for i, other in enumerate(target) if _same_item(item, other)), None)
        for i, other in enumerate(target):
            if other == item or (text is not None and self.same_text(text, text_of(other), at)):
                return i
        return None

    def same_text(self, one: str, other: str | None, at: Place) -> bool:
        if other is None or one == other:
            return other is not None
        keys = tuple(str(step) for step in at)
        if not policy.is_requirements(self.path, keys) and keys[-1:] != ("additional_dependencies",):
            return False
        names = [requirements.parse(text) for text in (one, other)]
        return all(names) and len({requirements.normalised(found.name) for found in names if found}) == 1


def _same_item(item: Mapping, other: Value) -> bool:
    if not isinstance(other, Mapping):
        return False
    for key in identities.FRAGMENT:
        if key in item:
            one, two = item[key], other.get(key)
            texts = text_of(one), text_of(two)
            if texts[0] is not None and texts[1] is not None:
                return identities.identity_value(key, texts[0]) == identities.identity_value(key, texts[1])
            return bool(one == two)
    return bool(item == other)


def _is_removal(item: Value) -> bool:
    if isinstance(item, Mapping):
        return is_true(item.get(REMOVE))
    text = text_of(item)
    return text is not None and text.startswith(f"{REMOVE} ")


def _clean(value: Value) -> Value:
    """The value without our directives."""
    if isinstance(value, Mapping):
        return Mapping({k: _clean(v) for k, v in value.items() if k not in (REMOVE, REPLACE) and text_of(v) != REMOVE})
    if isinstance(value, Sequence):
        items = Sequence(_clean(item) for item in value if not _is_removal(item) and text_of(item) != REPLACE)
        items.flow = value.flow
        return items
    return value
