"""Readable ids for the cases of a parametrised test, made of their values."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

LONGEST = 40


def name_case(value: object) -> str | None:
    """The id of a value; None if pytest's own is readable, as for numbers, short texts and classes."""
    if isinstance(value, str):
        return None if value and value == _shorten(value) else _shorten(value) or "empty"
    if isinstance(value, bytes):
        return _shorten(value.decode("latin-1")) or "empty"
    if isinstance(value, PurePath):
        return _shorten(value.name)
    if isinstance(value, dict):
        return _join(f"{key}={one}" if isinstance(one, bool | int) else key for key, one in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return _join(sorted(map(str, value)) if isinstance(value, (set, frozenset)) else value)
    named = getattr(value, "id", None) or getattr(value, "name", None)
    return _shorten(named) if isinstance(named, str) else None


def _join(values: Iterable[object]) -> str:
    return _shorten(",".join(str(value) for value in values)) or "none"


def _shorten(text: str) -> str:
    # Some are megabytes.
    start = text[: 10 * LONGEST]
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in start).split())
    return words if len(words) <= LONGEST and start == text else f"{words[:LONGEST].rstrip()}..."
