"""What a fragment means for a file: the values it affects, and the new values.

A mapping's keys are merged one by one, at every depth. A list keeps its items: an item of the fragment that is
in the list changes it, any other is added. `overlays/directives.py` has the words that say something else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from pyo3_kit.merge import identities
from pyo3_kit.merge.toml import policy, requirements
from pyo3_kit.overlays import directives
from pyo3_kit.overlays.directives import removal_of_item, removal_of_key, removed_text, without_directives
from pyo3_kit.overlays.missing import Missing, whole_item
from pyo3_kit.overlays.values import Mapping, Sequence, Value, is_true, text_of

Place: TypeAlias = tuple[str | int, ...]


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


def meaning(path: str, target: Mapping, fragment: Mapping, missing: Missing | None = None) -> Meaning:
    """The meaning of the fragment for the file at `path` with these values.

    What the fragment changes and the file lacks is reported to `missing`, which raises `Refused`; without it, it is
    passed over.
    """
    if missing is not None:
        missing.refuse_unknown(fragment)
    reading = _Reading(path, missing)
    before, after = reading.mapping(target, fragment, ())
    return Meaning(before, after, tuple(reading.goes))


class _Reading:
    def __init__(self, path: str, missing: Missing | None) -> None:
        self.path = path
        self.missing = missing
        self.goes: list[Place] = []

    def value(self, target: Value, fragment: Value, at: Place) -> tuple[Value, Value]:
        if target == fragment and not getattr(fragment, "remark", ""):
            # Unchanged, with the comment after it.
            return target, target
        if isinstance(target, Mapping) and isinstance(fragment, Mapping):
            return self.mapping(target, fragment, at)
        if isinstance(target, Sequence) and isinstance(fragment, Sequence):
            return self.sequence(target, fragment, at)
        if _names_without_version(at, target, fragment):
            return target, target
        return self.replaced(target, without_directives(fragment), at)

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
        if is_true(fragment.get(directives.REPLACE)):
            return self.replaced(target, without_directives(fragment), at)
        before, after = Mapping(), Mapping()
        spelled = self.each(target, fragment, at)
        for key, value in spelled.items():
            if key in directives.KEYS:
                continue
            if removal := removal_of_key(value):
                if key in target:
                    before[key] = target[key]
                    self.goes.append((*at, key))
                elif removal == "must" and self.missing is not None:
                    self.missing.key(target, key, at)
            elif key in target:
                before[key], after[key] = self.value(target[key], value, (*at, key))
            elif not directives.is_optional(value):
                if self.missing is not None and not at:
                    self.missing.elsewhere(target, key)
                if not after and (last := next((one for one in reversed(target) if one not in spelled), None)):
                    # A new key without a neighbour goes to the end, marked by the last key.
                    before[last] = after[last] = target[last]
                after[key] = without_directives(value)
        return before, after

    def each(self, target: Mapping, fragment: Mapping, at: Place) -> Mapping:
        """The fragment with `$each` written out for every mapping in the file."""
        if directives.EACH not in fragment:
            return fragment
        shared = fragment[directives.EACH]
        inner = [key for key, value in target.items() if isinstance(value, Mapping)]
        if not inner and self.missing is not None:
            self.missing.each(fragment, at)
        spelled = Mapping(fragment)
        del spelled[directives.EACH]
        for key in inner:
            spelled[key] = directives.combined(shared, fragment[key]) if key in fragment else shared
        return spelled

    def sequence(self, target: Sequence, fragment: Sequence, at: Place) -> tuple[Sequence, Sequence]:
        if fragment and text_of(fragment[0]) == directives.REPLACE:
            return self.replaced(target, without_directives(fragment), at)
        before: dict[int, Value] = {}
        after: dict[int, Value] = {}
        # New items, by the index that they go before: what they say, or else behind the item that they follow in the
        # fragment, or before the one that follows them.
        gaps: defaultdict[int, list[Value]] = defaultdict(list)
        waiting: list[Value] = []
        last: int | None = None
        for item in fragment:
            place = self.find(target, item, at)
            if removal := removal_of_item(item):
                if place is not None:
                    before[place] = target[place]
                    self.goes.append((*at, place))
                elif removal == "must" and self.missing is not None:
                    self.missing.item(target, item, at)
            elif place is not None:
                before[place], after[place] = self.value(target[place], item, (*at, place))
                gaps[place] += waiting
                waiting, last = [], place
            elif not self.skips(target, item, at):
                gap = self.gap(target, item, at)
                if gap is None and last is not None:
                    gap = last + 1
                (waiting if gap is None else gaps[gap]).append(without_directives(item))
        gaps[len(target)] += waiting
        kept = [place for place in range(len(target)) if place in after or place not in before]
        for gap in [gap for gap, new in gaps.items() if new and kept]:
            # A merge places new items by the one before them that both sides have, or else by the one behind them.
            near = max((place for place in kept if place < gap), default=kept[0])
            before.setdefault(near, target[near])
            after.setdefault(near, target[near])
        now = Sequence()
        for place in range(len(target) + 1):
            now += [*gaps[place], *([after[place]] if place in after else [])]
        then = Sequence(before[place] for place in sorted(before))
        then.flow = now.flow = target.flow
        return then, now

    def skips(self, target: Sequence, item: Value, at: Place) -> bool:
        """Whether an item that is not in the list is passed over; reports one that could only change something."""
        if directives.is_optional(item):
            return True
        if isinstance(item, Mapping) and (directives.MATCH in item or not whole_item(item, at)):
            if self.missing is not None:
                self.missing.item(target, item, at)
            return True
        return False

    def gap(self, target: Sequence, item: Value, at: Place) -> int | None:
        """The index that a new item says it goes before; None if it says nothing."""
        if not isinstance(item, Mapping):
            return None
        if is_true(item.get(directives.FIRST)):
            return 0
        if is_true(item.get(directives.LAST)):
            return len(target)
        for word, behind in ((directives.BEFORE, 0), (directives.AFTER, 1)):
            if word in item:
                name = text_of(item[word]) or ""
                if (found := _first(target, partial(_is_called, name))) is not None:
                    return found + behind
                if self.missing is not None:
                    self.missing.anchor(target, item[word], name, at)
        return None

    def find(self, target: Sequence, item: Value, at: Place) -> int | None:
        """The index in the list of an item of the fragment."""
        if (removed := removed_text(item)) is not None and not isinstance(item, Mapping):
            return _first(target, lambda other: self.same_text(removed, text_of(other), at))
        if isinstance(item, Mapping):
            if isinstance(wanted := item.get(directives.MATCH), Mapping):
                return _first(target, lambda other: isinstance(other, Mapping) and _has(other, wanted))
            return _first(target, lambda other: _same_item(item, other))
        text = text_of(item)
        return _first(
            target, lambda other: other == item or (text is not None and self.same_text(text, text_of(other), at))
        )

    def same_text(self, one: str, other: str | None, at: Place) -> bool:
        if other is None or one == other:
            return other is not None
        keys = tuple(str(step) for step in at)
        if not policy.is_requirements(self.path, keys) and keys[-1:] != ("additional_dependencies",):
            return False
        names = [requirements.parse(text) for text in (one, other)]
        return all(names) and len({requirements.normalised(found.name) for found in names if found}) == 1


def _first(target: Sequence, fits: Callable[[Value], bool]) -> int | None:
    return next((i for i, other in enumerate(target) if fits(other)), None)


def _has(other: Mapping, wanted: Mapping) -> bool:
    return all(key in other and other[key] == value for key, value in wanted.items())


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


def _is_called(name: str, other: Value) -> bool:
    """Whether an item has this name: its id, its action without the version, or the text that it is."""
    if not isinstance(other, Mapping):
        return text_of(other) == name
    texts = ((key, text_of(other.get(key))) for key in identities.FRAGMENT)
    return any(text is not None and identities.identity_value(key, text) == name for key, text in texts)


def _names_without_version(at: Place, target: Value, fragment: Value) -> bool:
    """Whether `uses: actions/checkout` only names the action that the file pins."""
    key, one, two = at[-1], text_of(fragment), text_of(target)
    if key not in identities.VERSIONED or one is None or two is None:
        return False
    return identities.identity_value(str(key), one) == one == identities.identity_value(str(key), two)
