"""Resolve conflicts before anything is written: one by one in a text, as a whole in a file that is merged by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum
from importlib import import_module

from pyo3_kit.merge.kinds import BY_KEY, kind_of
from pyo3_kit.merge.lines import split
from pyo3_kit.merge.model import Conflict, File, FileMerge, Labels, Outcome
from pyo3_kit.merge.validity import problems
from pyo3_kit.transaction.conflicts import marker_lines, own_markers
from pyo3_kit.update.planning import Plan


class Side(Enum):
    """How a conflict is decided; `SKIP` leaves it to be decided later."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"
    SKIP = "skip"


def settle_all(plan: Plan, side: Side) -> Plan:
    """The plan with every conflict resolved for one side, unless that makes a file invalid."""
    return settle(plan, lambda merge: settle_file(plan, merge, [side] * len(merge.conflicts)))


def settle(plan: Plan, decide: Callable[[FileMerge], FileMerge]) -> Plan:
    """The plan with each file that holds conflicts as `decide` returns it."""
    return replace(plan, files=tuple(decide(merge) if merge.conflicts else merge for merge in plan.files))


def settle_file(plan: Plan, merge: FileMerge, sides: Sequence[Side]) -> FileMerge:
    """The file with its conflicts resolved, one side for each.

    A file without markers is decided as a whole: only when all its sides are the same. What cannot be decided that way
    keeps its conflicts.
    """
    if any(conflict.line is not None for conflict in merge.conflicts):
        return _in_text(plan, merge, sides)
    if all(side is Side.OURS for side in sides):
        return _done(merge, merge.result, "yours")
    if all(side is Side.THEIRS for side in sides):
        return _as_theirs(plan, merge)
    return merge


def edited(merge: FileMerge, content: bytes) -> FileMerge:
    """The file as edited by the user: resolved, unless markers are left in it."""
    assert merge.result is not None
    result = replace(merge.result, content=content)
    if marker_lines(content) - set(own_markers(merge)):
        return replace(merge, result=result, conflicts=_found(merge, content))
    return _done(merge, result, "edited")


def remove(merge: FileMerge) -> FileMerge:
    """A file that the template no longer has, removed although it was edited."""
    reason = "you let it go, as the template did"
    return replace(merge, outcome=Outcome.REMOVED, reason=reason, result=None)


def _done(merge: FileMerge, result: File | None, whose: str) -> FileMerge:
    reason = f"{merge.reason}; decided: {whose}"
    outcome = Outcome.KEPT if result == merge.ours else Outcome.MERGED
    return replace(merge, outcome=outcome, reason=reason, result=result, conflicts=(), stages=None)


def _in_text(plan: Plan, merge: FileMerge, sides: Sequence[Side]) -> FileMerge:
    assert merge.result is not None
    lines = merge.result.content.split(b"\n")
    chosen = {conflict.line: (conflict, side) for conflict, side in zip(merge.conflicts, sides, strict=True)}
    out: list[bytes] = []
    left: list[Conflict] = []
    at = 0
    while at < len(lines):
        found = chosen.get(at + 1)
        if found is None:
            out.append(lines[at])
            at += 1
            continue
        region = _region(lines, at, found[0], plan.labels)
        if region is None:
            # Text in another encoding: the user has to look for the markers.
            return merge
        conflict, side = found
        start, base, middle, end = region
        ours, theirs = lines[start + 1 : base], lines[middle + 1 : end]
        if side is Side.SKIP:
            left.append(replace(conflict, line=len(out) + 1))
            out += lines[start : end + 1]
        else:
            out += ours if side in (Side.OURS, Side.BOTH) else []
            out += theirs if side in (Side.THEIRS, Side.BOTH) else []
        at = end + 1
    result = replace(merge.result, content=b"\n".join(out))
    if left:
        return replace(merge, result=result, conflicts=tuple(left))
    done = _done(merge, result, _whose(sides))
    return done if _is_sound(merge, done) else merge


def _region(lines: Sequence[bytes], at: int, conflict: Conflict, labels: Labels) -> tuple[int, int, int, int] | None:
    """The lines of the four markers of the conflict that begins at `at`; None when they are not there.

    They are found by the lengths of the sides: a side may itself show lines that look like markers.
    """
    heads = (f"<<<<<<< {labels.ours}", f"||||||| {labels.base}", "=======", f">>>>>>> {labels.theirs}")
    places = [at]
    for side in (conflict.ours, conflict.base, conflict.theirs):
        places.append(places[-1] + 1 + len(split(side or "")))
    if any(
        place >= len(lines) or lines[place].rstrip(b"\r") != head.encode()
        for place, head in zip(places, heads, strict=True)
    ):
        return None
    return (places[0], places[1], places[2], places[3])


def _whose(sides: Sequence[Side]) -> str:
    names = {Side.OURS: "yours", Side.THEIRS: "the template's", Side.BOTH: "both"}
    return names[sides[0]] if len(set(sides)) == 1 else "some of each"


def _is_sound(before: FileMerge, after: FileMerge) -> bool:
    """Whether the chosen text has no problem that neither side has."""
    assert after.result is not None
    try:
        text = after.result.content.decode()
        sides = [side.content.decode() for side in (before.stages or ())[1:] if side is not None]
    except UnicodeDecodeError:
        return True
    kind = kind_of(after.path)
    known = {problem.what for side in sides for problem in problems(kind, side)}
    return all(problem.what in known for problem in problems(kind, text))


def _as_theirs(plan: Plan, merge: FileMerge) -> FileMerge:
    theirs = plan.theirs.get(merge.path)
    if any(conflict.key is None for conflict in merge.conflicts):
        # A file as a whole: no text, or a link against a file.
        return merge if theirs is None else _done(merge, theirs, "the template's")
    base = plan.base.get(merge.path) or plan.base.get(merge.source or "")
    if theirs is None or merge.result is None or kind_of(merge.path) not in BY_KEY:
        return merge
    content = _keyed(merge, base, theirs, plan.labels)
    return merge if content is None else _done(merge, replace(merge.result, content=content), "the template's")


def _keyed(merge: FileMerge, base: File | None, theirs: File, labels: Labels) -> bytes | None:
    """The merged text with the template's value wherever there was a conflict.

    Merging the other way round gives a text that differs from the merged one in exactly these values; as a change of
    the merged text it brings them over, and leaves the user's form alone.
    """
    assert merge.result is not None
    ours = merge.ours if merge.source is None else merge.result
    if ours is None:
        return None
    ending = b"\r\n" if b"\r\n" in merge.result.content else b"\n"
    try:
        texts = [
            file.content.decode().removeprefix("\ufeff").replace("\r\n", "\n")
            for file in (base or File(b""), ours, theirs, merge.result)
        ]
    except UnicodeDecodeError:
        return None
    merger = import_module(f"pyo3_kit.merge.{kind_of(merge.path)}").merge
    turned = merger(merge.path, texts[0], texts[2], texts[1], labels)
    if turned is None:
        return None
    brought = merger(merge.path, texts[3], texts[3], turned.text, labels)
    if brought is None or brought.conflicts:
        return None
    mark = "\ufeff" if merge.result.content.startswith("\ufeff".encode()) else ""
    return (mark + str(brought.text)).encode().replace(b"\n", ending)


def _found(merge: FileMerge, content: bytes) -> tuple[Conflict, ...]:
    """The conflicts whose markers are left in a text that was edited."""
    own = {line for side in (*(merge.stages or ()), merge.ours) if side for line in side.content.split(b"\n")}
    starts = [
        number
        for number, line in enumerate(content.split(b"\n"), 1)
        if line.startswith(b"<<<<<<< ") and line not in own
    ]
    known = list(merge.conflicts)
    return (
        tuple(replace(known[min(at, len(known) - 1)], line=line) for at, line in enumerate(starts)) or merge.conflicts
    )
