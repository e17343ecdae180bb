"""A plan as text and as JSON."""

from __future__ import annotations

import difflib
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pyo3_kit.errors import without_secrets
from pyo3_kit.merge.lines import split
from pyo3_kit.merge.model import Conflict, File, FileMerge, Outcome
from pyo3_kit.system import escaping
from pyo3_kit.update.planning import Plan

if TYPE_CHECKING:
    from pyo3_kit.update.json_types import ConflictPlace, PlanOutput, UpdatedFile

_WIDTH = 100
_BRIEF = 60
_ORDER = (
    Outcome.CONFLICT,
    Outcome.MERGED,
    Outcome.UPDATED,
    Outcome.ADDED,
    Outcome.RENAMED,
    Outcome.REMOVED,
    Outcome.KEPT,
)


def as_object(plan: Plan, *, dry_run: bool) -> PlanOutput:
    """The plan as a JSON object."""
    return {
        "path": str(plan.project.root),
        "template": plan.template,
        "from": plan.before,
        "to": plan.after,
        "dry_run": dry_run,
        "answers": {name: {"from": old, "to": new} for name, (old, new) in plan.answers_changed.items()},
        "files": [_file(merge) for merge in plan.files],
        "conflicts": [_conflict(conflict) for merge in plan.files for conflict in merge.conflicts],
        "migrations": [asdict(applied) for applied in plan.migrations],
        "warnings": list(plan.warnings),
        "overlays": [
            {"name": step.name, "template": step.template, "from": step.before or None, "to": step.after or None}
            for step in plan.overlays
        ],
    }


def report_lines(plan: Plan) -> Iterator[str]:
    """The templates, the files, then the answers and the migrations if there are any."""
    yield from (*heading(plan), "", *lines(plan))
    for title, rows in (("answers", answer_lines(plan)), ("migrations", migration_lines(plan))):
        if rows:
            yield from ("", title, *rows)


def heading(plan: Plan) -> list[str]:
    """The updated templates, each with its versions."""
    if plan.before != plan.after:
        versions = f"{plan.before or '(none)'} → {plan.after or '(none)'}"
    elif plan.answers_changed:
        versions = f"{plan.after}, with other answers"
    else:
        versions = f"{plan.after}, with what its overlays have now"
    found = [f"{plan.template}: {versions}"]
    for step in plan.overlays:
        if step.template != plan.template:
            same = f"{step.after}, with other answers"
            moved = f"{step.before or '(none)'} → {step.after or '(none)'}"
            found.append(f"{step.template}: {moved if step.before != step.after else same}")
    return found


def lines(plan: Plan) -> list[str]:
    """The plan's files, grouped by outcome, with the reasons; unchanged ones as a number."""
    shown: list[str] = []
    width = max((len(_title(merge)) for merge in plan.files if merge.outcome in _ORDER), default=0)
    for outcome in _ORDER:
        merges = [merge for merge in plan.files if merge.outcome is outcome]
        if not merges:
            continue
        shown += ["", f"{outcome.value} ({len(merges)})"] if shown else [f"{outcome.value} ({len(merges)})"]
        for merge in merges:
            shown.append(f"  {_title(merge):<{width}}  {merge.reason}".rstrip())
            shown += [f"    {_place(conflict)}" for conflict in merge.conflicts]
    same = sum(merge.outcome is Outcome.UNCHANGED for merge in plan.files)
    if same:
        shown += ["", f"unchanged ({same})"] if shown else [f"unchanged ({same})"]
    return shown


def migration_lines(plan: Plan) -> list[str]:
    """What migrations did, and the places to change by hand."""
    shown = []
    for applied in plan.migrations:
        look = "" if applied.safe else " (look at what it did)"
        shown.append(f"  {applied.title}{look}")
        shown += [f"    {line}" for line in textwrap.wrap(applied.why, _WIDTH)]
        shown += [f"    {note}" for note in applied.notes]
        shown += [f"    {path}" for path in applied.paths]
        shown += [f"    {place.path}:{place.line}: by hand: {place.note}" for place in applied.review]
        shown.append(f"    {applied.docs}")
    return shown


def answer_lines(plan: Plan) -> list[str]:
    """The answers that change."""
    changed = plan.answers_changed
    width = max(map(len, changed), default=0)
    return [f"  {name:<{width}}  {_shown(old)} → {_shown(new)}" for name, (old, new) in changed.items()]


def summary(plan: Plan) -> str:
    """The number of files per outcome, in one line."""
    counted = Counter(merge.outcome for merge in plan.files)
    parts = [f"{counted[outcome]} {outcome.value}" for outcome in (*_ORDER, Outcome.UNCHANGED) if counted[outcome]]
    return ", ".join(parts)


def diff(merges: Iterable[FileMerge]) -> list[str]:
    """The unified diff of what is written."""
    shown: list[str] = []
    for merge in merges:
        if not merge.writes:
            continue
        before, after = escaping.line(merge.source or merge.path), escaping.line(merge.path)
        shown.append(f"diff --git a/{before} b/{after}")
        if merge.ours is None and merge.source is None:
            shown.append("new file")
        if merge.result is None:
            shown.append("deleted file")
        if merge.source is not None:
            shown += [f"rename from {before}", f"rename to {after}"]
        if merge.ours and merge.result and merge.ours.executable != merge.result.executable:
            shown.append(f"mode {_mode(merge.ours)} → {_mode(merge.result)}")
        old, new = _text(merge.ours), _text(merge.result)
        if old is None or new is None:
            shown.append(f"binary files a/{before} and b/{after} differ")
            continue
        head = (f"a/{before}" if merge.ours else "/dev/null", f"b/{after}" if merge.result else "/dev/null")
        # The answers file may record an address with a password.
        shown += (without_secrets(line.rstrip("\r\n")) for line in difflib.unified_diff(old, new, *head, lineterm=""))
    return shown


def _file(merge: FileMerge) -> UpdatedFile:
    shown: UpdatedFile = {"path": merge.path, "outcome": merge.outcome.value, "reason": merge.reason}
    if merge.source:
        shown["source"] = merge.source
    return shown


def _conflict(conflict: Conflict) -> ConflictPlace:
    return {
        "path": conflict.path,
        "key": conflict.key,
        "lines": None if conflict.line is None else [conflict.line, _end(conflict, conflict.line)],
        "base": conflict.base,
        "ours": conflict.ours,
        "theirs": conflict.theirs,
    }


def _end(conflict: Conflict, line: int) -> int:
    """The last marker's line: below the three sides and the markers between them."""
    return line + 3 + sum(len(split(side or "")) for side in (conflict.base, conflict.ours, conflict.theirs))


def _title(merge: FileMerge) -> str:
    return f"{merge.source} → {merge.path}" if merge.source else merge.path


def _place(conflict: Conflict) -> str:
    if conflict.key is not None:
        ours, theirs = _brief_pair(conflict.ours, conflict.theirs)
        return f"{conflict.key}: yours {ours}, the template's {theirs}"
    return f"line {conflict.line}" if conflict.line is not None else "the whole file"


def _brief_pair(ours: str | None, theirs: str | None) -> tuple[str, str]:
    """Both values in one line each, shortened around the place where they begin to differ."""
    one, other = (None if value is None else " ".join(value.split()) for value in (ours, theirs))
    if one is None or other is None:
        return _brief(one), _brief(other)
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return _brief(one, start), _brief(other, start)


def _brief(text: str | None, start: int = 0) -> str:
    """At most some 60 characters: of what begins to differ at `start` the words around it, and the end."""
    if text is None:
        return "nothing"
    if len(text) <= _BRIEF:
        return text
    # The end of a pin is its comment, which names the version that people compare.
    head, tail = text[max(0, start - 8) : start + _BRIEF // 2], text[-_BRIEF // 3 :]
    before = "…" if start > 8 else ""
    return f"{before}{head}…{tail}"


def _shown(value: Any) -> str:
    if value is None:
        return "(none)"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _mode(file: File) -> str:
    return "100755" if file.executable else "100644"


def _text(file: File | None) -> list[str] | None:
    if file is None:
        return []
    if b"\0" in file.content:
        return None
    return file.content.decode(errors="replace").splitlines(keepends=True)
