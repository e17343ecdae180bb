"""Migrate recorded answers to the questions of a newer template version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyo3_kit.codemods.model import Applied, Context, Migrations
from pyo3_kit.codemods.selection import selected


def answer_migrations(
    migrations: Migrations, recorded: Mapping[str, Any], before_version: str | None, after_version: str | None
) -> tuple[dict[str, Any], list[Applied]]:
    """The recorded answers for the target version's questions, and what was changed.

    A step only changes its old form, so applying it twice changes nothing.
    """
    answers = dict(recorded)
    applied = []
    before, after = Context(before_version, answers), Context(after_version, answers)
    for migration in selected(migrations.of("answers"), before, after):
        notes = [note for step in migration.steps if (note := _take(step, answers))]
        if notes:
            applied.append(
                Applied(
                    migration.id, migration.title, migration.why, migration.docs, migration.safe, notes=tuple(notes)
                )
            )
    return answers, applied


def _take(step: Mapping[str, Any], answers: dict[str, Any]) -> str:
    """Apply one step to the answers; return what it did, or nothing."""
    if not all(_same(answers.get(name), value) for name, value in step.get("where", {}).items()):
        return ""
    if "rename" in step:
        return _rename(step["rename"], step["to"], answers)
    if "remove" in step:
        name = step["remove"]
        return f"`{name}` is no longer asked (it was {_shown(answers.pop(name))})" if name in answers else ""
    name = step.get("map", step.get("set"))
    if "map" in step:
        for old, new in step["values"]:
            if name in answers and _same(answers[name], old):
                answers[name] = new
                return f"`{name}`: {_shown(old)} → {_shown(new)}"
        return ""
    if name in answers and _same(answers[name], step["to"]):
        return ""
    old = answers.get(name)
    answers[name] = step["to"]
    return f"`{name}`: {_shown(old)} → {_shown(step['to'])}" if old is not None else f"`{name}`: {_shown(step['to'])}"


def _rename(old: str, new: str, answers: dict[str, Any]) -> str:
    if old not in answers:
        return ""
    value = answers.pop(old)
    # An answer under the new name is newer.
    answers.setdefault(new, value)
    return f"`{old}` is now `{new}`"


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _shown(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
