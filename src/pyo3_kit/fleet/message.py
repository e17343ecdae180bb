"""The message of an update's commit and pull request."""

from __future__ import annotations

from collections.abc import Iterable

from pyo3_kit.errors import without_secrets
from pyo3_kit.merge.model import Outcome
from pyo3_kit.project.answers_file import read_answers
from pyo3_kit.project.location import USUAL
from pyo3_kit.system.escaping import commit_line
from pyo3_kit.update import report
from pyo3_kit.update.model import Plan

_MOST = 60
"""The maximum number of files listed in a message; the rest is counted."""


def message_of(plan: Plan) -> str:
    """A subject, then conflicts to resolve, what changed, and why, without a trailing newline."""
    template = main_step(plan)[0]
    name = template.removesuffix("/").rsplit("/", 1)[-1].removesuffix(".git")
    title = f"Update {name}" if plan.before else f"Adopt {name}"
    parts = _rows([f"{title}: {moves(plan)}", f"{template}: {report.summary(plan)}."])
    if plan.conflicts:
        rows = _rows(f"  {path}" for path in sorted({conflict.path for conflict in plan.conflicts}))
        parts.append("\n".join(["Resolve these conflicts before merging:", *rows]))
    if plan.left:
        rows = _rows(f"  {path}" for path in plan.left)
        parts.append(
            "\n".join(["The template no longer has these files; they are kept because they were edited:", *rows])
        )
    for title, lines in (
        ("Answers:", report.answer_lines(plan)),
        ("Code migrations:", report.migration_lines(plan)),
        ("Warnings:", [f"  {warning}" for warning in plan.warnings]),
        ("Files:", _files(plan)),
    ):
        if lines:
            parts.append("\n".join([title, *_rows(lines)]))
    return "\n\n".join(parts)


def _rows(lines: Iterable[str]) -> list[str]:
    """Lines that stay one line each: a name with a line feed in it must not become a trailer."""
    return [commit_line(line) for line in lines]


def moves(plan: Plan) -> str:
    """The versions of the project's templates before and after."""
    template, before, after = main_step(plan)
    if not before:
        return f"at {after}"
    main = [f"from {before} to {after}"] if before != after else []
    others = [
        f"overlay {one.name} from {one.before or 'none'} to {one.after or 'none'}"
        for one in plan.overlays
        if one.before != one.after and one.template != template
    ]
    return ", ".join([*main, *others]) or f"changed answers for {after}"


def main_step(plan: Plan) -> tuple[str, str, str]:
    """The address of the plan's template, and its version before and after."""
    if plan.project.answers_file in USUAL and plan.template in [one.template for one in plan.overlays]:
        # Only overlays are updated, and the plan describes the first; the base template is unchanged.
        recorded = read_answers(plan.project.root / plan.project.answers_file)
        return without_secrets(recorded.source), recorded.commit, recorded.commit
    return plan.template, plan.before, plan.after


def _files(plan: Plan) -> list[str]:
    rows = [
        f"  {merge.outcome.value:<9}  {merge.path}  ({merge.reason})"
        for merge in plan.files
        if merge.outcome not in (Outcome.UNCHANGED, Outcome.KEPT)
    ]
    left = len(rows) - _MOST
    return [*rows[:_MOST], f"  and {left} more"] if left > 0 else rows
