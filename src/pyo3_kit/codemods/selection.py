"""Select the migrations from one version or answer to another."""

from __future__ import annotations

import re
from typing import Any

from pyo3_kit.codemods.model import Context, Migration, When

_DESCRIBED = re.compile(r"v?(?P<release>\d+(?:\.\d+)*)(?:-(?P<commits>\d+)-g[0-9a-f]+)?\Z")


def order(version: Any) -> tuple[tuple[int, ...], int] | None:
    """The sort key of a version (`v1.2.0`, `0.30`) or of a later commit from `git describe` (`v1.2.0-3-gabc1234`).

    None for anything else, such as a bare hash.
    """
    found = _DESCRIBED.match(version) if isinstance(version, str) else None
    if found is None:
        return None
    release = [int(part) for part in found["release"].split(".")]
    while release and release[-1] == 0:
        release.pop()
    return tuple(release), int(found["commits"] or 0)


def version_crossed(when: When, before: str | None, after: str | None) -> bool:
    """Whether the move crosses the step of a template's version.

    The migrations come from the target version, so none is newer unless it says so. If the version
    before is unknown, the step counts as crossed: without the old form a migration changes nothing.
    """
    if before is not None and before == after:
        return False
    step, old, new = order(when.after), order(before), order(after)
    assert step is not None
    if old is not None and old >= step:
        return False
    return new is None or new[1] > 0 or new >= step


def answer_crossed(when: When, before: Any, after: Any) -> bool:
    """Whether the move crosses the step of an answer: for versions any step in between, else exactly this one."""
    old, new, start, end = order(before), order(after), order(when.before), order(when.after)
    if old is None or new is None or start is None or end is None:
        return bool(before == when.before and after == when.after and before != after)
    since, until = order(when.since) or end, order(when.until)
    return old < end and old < new and since <= new and (until is None or new < until)


def selected(migrations: list[Migration], before: Context, after: Context) -> list[Migration]:
    """The migrations from `before` to `after`, in the order in which they apply.

    The steps of the template's version come first, then those of answers, each from old to new.
    """
    chosen = []
    for migration in migrations:
        when = migration.when
        if when.answer is None:
            crossed = version_crossed(when, before.version, after.version)
        else:
            name = when.answer
            both = name in before.answers and name in after.answers
            crossed = both and answer_crossed(when, before.answers[name], after.answers[name])
        if crossed:
            chosen.append(migration)
    return sorted(chosen, key=lambda m: (m.when.answer or "", order(m.when.step) or ((), 0), m.last, m.id))
