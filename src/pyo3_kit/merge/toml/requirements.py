"""Three-way merge of Python requirements and version bounds, part by part."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

_Merge: TypeAlias = Callable[[str, str, str], "str | None"]

_REQUIREMENT = re.compile(
    r"""
    (?P<name> \s* [A-Za-z0-9] (?:[A-Za-z0-9._-]*[A-Za-z0-9])? )
    (?P<extras> \s* \[[^\]]*\] )?
    (?P<bounds> \s* [^;\[]*? )
    (?P<marker> \s* ;.* )? \Z
    """,
    re.S | re.X,
)
_VERSION = re.compile(r"(?P<operator>[=~^]?)\s*(?P<version>\d+(?:\.\d+){0,2})")
_RAISED = {">=", ">", "==", "~=", "<", "<="}
"""Operators whose version both sides may have raised: the higher one counts."""
_BOUND = re.compile(r"\s*(===|~=|==|!=|<=|>=|<|>)\s*(\S+?)\s*\Z")


class Parts(NamedTuple):
    """A requirement: each part with the white space before it, empty where it is absent."""

    name: str
    extras: str
    bounds: str
    marker: str


def parse(requirement: str) -> Parts | None:
    """Cut up a requirement; None when it is none."""
    match = _REQUIREMENT.match(requirement)
    return Parts(match["name"], match["extras"] or "", match["bounds"], match["marker"] or "") if match else None


def normalised(name: str) -> str:
    """A project's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def merge_requirements(base: str, ours: str, theirs: str) -> str | None:
    """One requirement out of three; None when both sides changed the same part of it."""
    b, o, t = parse(base), parse(ours), parse(theirs)
    if b is None or o is None or t is None:
        return None
    name = o.name if normalised(o.name) == normalised(t.name) else None
    extras = _one_or_merged(b.extras, o.extras, t.extras, _merge_extras)
    bounds = _one_or_merged(b.bounds, o.bounds, t.bounds, merge_bounds)
    marker = _one_or_merged(b.marker, o.marker, t.marker, lambda *_: None)
    if name is None or extras is None or bounds is None or marker is None:
        return None
    return name + extras + bounds + marker


def merge_bounds(base: str, ours: str, theirs: str) -> str | None:
    """Version bounds by their operators: `>=8`, `>=8,<10` and `>=9` give `>=9,<10`; None when they contradict.

    Where both sides raised a bound, the higher one counts, also of an exact or compatible version.
    """
    b, o, t = _bounds(base), _bounds(ours), _bounds(theirs)
    if b is None or o is None or t is None:
        return None
    merged = {}
    for operator in [*o, *(each for each in t if each not in o)]:
        before, yours, now = b.get(operator), o.get(operator), t.get(operator)
        if yours == now or now == before:
            kept = yours
        elif yours == before:
            kept = now
        elif operator in _RAISED and before and yours and now and (higher := _higher(before, yours, now)):
            kept = higher
        else:
            return None
        if kept is not None:
            merged[operator] = kept
    if any(o.get(each) is None and t.get(each) not in {None, b[each]} for each in b):
        return None
    text = ",".join(f"{operator}{version}" for operator, version in merged.items())
    if not _satisfiable(text, merged):
        return None
    spacing = re.match(r"\s*", ours)
    return (spacing[0] if spacing else "") + text


def merge_minimums(base: str, ours: str, theirs: str) -> str | None:
    """The higher of two versions that both sides have raised.

    `1.11`, `1.13` and `1.12` give `1.13`. Where cargo takes the two for incompatible and the template's is the higher
    one, it counts if ours is compatible with the base's: `0.28.3` and `0.30.1` give `0.30.1`, but `0.29.0` and
    `0.30.1` None, since the user's code is on a version that the template has left.
    """
    versions = [_VERSION.fullmatch(each) for each in (base, ours, theirs)]
    if len({each["operator"] for each in versions if each}) > 1 or not all(versions):
        return None
    before, yours, now = ([int(part) for part in each["version"].split(".")] for each in versions if each)
    higher = _higher(base, ours, theirs)
    return higher if higher == ours or _compatible(now, yours) or _compatible(before, yours) else None


def _compatible(one: list[int], other: list[int]) -> bool:
    """Whether two versions are the same up to their first number that is not zero."""
    zeros = next((place for place, part in enumerate(one) if part), len(one) - 1)
    return one[: zeros + 1] == other[: zeros + 1]


def _higher(base: str, ours: str, theirs: str) -> str | None:
    """The higher of two versions above base's, None when one of them is below it."""
    from packaging.version import InvalidVersion, Version

    try:
        before, yours, now = (Version(each.lstrip("=~^ ").removesuffix(".*")) for each in (base, ours, theirs))
    except InvalidVersion:
        return None
    if yours < before or now < before:
        return None
    return theirs if now > yours else ours


def _one_or_merged(base: str, ours: str, theirs: str, merge: _Merge) -> str | None:
    b, o, t = ("".join(each.split()) for each in (base, ours, theirs))
    if o == t or b == t:
        return ours
    if b == o:
        return theirs
    return merge(base, ours, theirs)


def _merge_extras(base: str, ours: str, theirs: str) -> str:
    b, o, t = (
        [normalised(each) for each in text.strip(" \t[]").split(",") if each.strip()] for text in (base, ours, theirs)
    )
    merged = [each for each in o if each in t or each not in b]
    merged += [each for each in t if each not in o and each not in b]
    return f"[{','.join(merged)}]" if merged else ""


def _bounds(text: str) -> dict[str, str] | None:
    text = text.strip().removeprefix("(").removesuffix(")").strip()
    found: dict[str, str] = {}
    for part in text.split(",") if text else []:
        match = _BOUND.match(part)
        if match is None or match[1] in found:
            return None
        found[match[1]] = match[2]
    return found


def _satisfiable(text: str, bounds: dict[str, str]) -> bool:
    """Whether the highest version that the bounds name from below is allowed by all of them."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        allowed = SpecifierSet(text)
        lower = [Version(bounds[each].removesuffix(".*")) for each in (">=", "==", "~=") if each in bounds]
    except (InvalidSpecifier, InvalidVersion):
        return False
    return not lower or allowed.contains(max(lower), prereleases=True)
