"""A migration's plan as a JSON object, and its changes as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pyo3_kit.audit.writing import unified_diff
from pyo3_kit.codemods import ReviewItem
from pyo3_kit.migrate.planning import Plan
from pyo3_kit.migrate.verifying import Checked

if TYPE_CHECKING:
    from pyo3_kit.migrate.json_types import MigrationOutput, Place


def as_object(planned: Plan, checked: Checked | None, *, dry_run: bool) -> MigrationOutput:
    """The plan, and what the compiler said after it, as a JSON object."""
    shown: MigrationOutput = {
        "path": str(planned.found.root),
        "from": planned.before,
        "to": planned.after,
        "written": not dry_run and bool(planned.files),
        "files": sorted(planned.files),
        "migrations": [
            {
                "id": one.id,
                "title": one.title,
                "why": one.why,
                "docs": one.docs,
                "safe": one.safe,
                "paths": list(one.paths),
            }
            for one in planned.applied
        ],
        "review": [_place(place) for place in planned.review],
        "left": list(planned.left),
    }
    if checked is not None:
        shown["cargo"] = {
            "passed": checked.passed,
            "errors": [_place(place) for place in checked.errors],
            "deprecated": [_place(place) for place in checked.deprecated],
        }
    return shown


def _place(place: ReviewItem) -> Place:
    return {"path": place.path, "line": place.line, "note": place.note}


def diff(planned: Plan) -> Iterator[str]:
    """The lines of a diff that `git apply` accepts."""
    before = {path: old.content.decode() for path, (old, _) in planned.files.items()}
    return unified_diff(before, {path: new.content.decode() for path, (_, new) in planned.files.items()})


def lines(planned: Plan) -> Iterator[str]:
    """What is changed and why, what is left to review by hand, and what is not changed."""
    yield f"PyO3 {planned.before} → {planned.after}"
    for titles, why, paths in _changes(planned):
        yield from ("", *titles, f"  {why}", *(f"  - {path}" for path in paths))
    yield from place_lines("To do by hand", planned.review)
    if planned.left:
        yield from ("", "Skipped", *(f"  {line}" for line in planned.left))


def place_lines(title: str, places: Sequence[ReviewItem]) -> Iterator[str]:
    """The places under a title; nothing if there are none."""
    if places:
        yield from ("", f"{title} ({len(places)})", *(f"  {one.path}:{one.line}: {one.note}" for one in places))


def _changes(planned: Plan) -> list[tuple[list[str], str, list[str]]]:
    """The changes, grouped by reason: the requirements of every version change for the same one."""
    titles: dict[str, list[str]] = {}
    paths: dict[str, set[str]] = {}
    for one in planned.applied:
        if one.paths:
            titles.setdefault(one.why, []).append(f"{one.title}{'' if one.safe else ' (review)'}")
            paths.setdefault(one.why, set()).update(one.paths)
    return [(titles[why], why, sorted(paths[why])) for why in titles]
