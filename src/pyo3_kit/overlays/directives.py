"""The words in a fragment that are about it and not for the file. They are listed in docs/reference/overlays.md."""

from __future__ import annotations

from typing import Literal

from pyo3_kit.overlays.values import Mapping, Sequence, Value, is_true, text_of

REMOVE = "$remove"
REPLACE = "$replace"
EACH = "$each"
MATCH = "$match"
OPTIONAL = "$optional"
BEFORE, AFTER, FIRST, LAST = "$before", "$after", "$first", "$last"
PLACES = (BEFORE, AFTER, FIRST, LAST)
KEYS = (REMOVE, REPLACE, EACH, MATCH, OPTIONAL, *PLACES)
"""Those that are keys of mappings; `$remove` and `$replace` are also texts."""

Removal = Literal["", "must", "may"]
"""Whether something is to be removed, and if so, whether it must be there."""


def removal_of_key(value: Value) -> Removal:
    """What the value of a key says: `$remove`, or `$remove?` for a key that may be absent."""
    word = text_of(value)
    return "must" if word == REMOVE else "may" if word == f"{REMOVE}?" else ""


def removal_of_item(item: Value) -> Removal:
    """What an item of a list says: `$remove ITEM`, `$remove? ITEM`, or a mapping with `$remove: true`."""
    if isinstance(item, Mapping):
        return ("may" if is_optional(item) else "must") if is_true(item.get(REMOVE)) else ""
    word = (text_of(item) or "").partition(" ")[0]
    return "must" if word == REMOVE else "may" if word == f"{REMOVE}?" else ""


def removed_text(item: Value) -> str | None:
    """The ITEM in `$remove ITEM`."""
    return (text_of(item) or "").partition(" ")[2].strip() if removal_of_item(item) else None


def is_optional(value: Value) -> bool:
    """Whether a mapping only counts where the file has what it changes."""
    return isinstance(value, Mapping) and is_true(value.get(OPTIONAL))


def without_directives(value: Value) -> Value:
    """The value as the file gets it."""
    if isinstance(value, Mapping):
        kept = {key: inner for key, inner in value.items() if key not in KEYS and not removal_of_key(inner)}
        return Mapping({key: without_directives(inner) for key, inner in kept.items()})
    if isinstance(value, Sequence):
        items = Sequence(
            without_directives(item) for item in value if not removal_of_item(item) and text_of(item) != REPLACE
        )
        items.flow = value.flow
        return items
    return value


def combined(shared: Value, own: Value) -> Value:
    """What `$each` says and what a key says itself, which comes last."""
    if isinstance(shared, Mapping) and isinstance(own, Mapping):
        both = Mapping(shared)
        both.update({key: combined(shared[key], value) if key in shared else value for key, value in own.items()})
        return both
    if isinstance(shared, Sequence) and isinstance(own, Sequence):
        both_lists = Sequence([*shared, *own])
        both_lists.flow = shared.flow
        return both_lists
    return own
