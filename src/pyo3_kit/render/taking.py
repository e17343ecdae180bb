"""Take one answer among others: what it replaces, and which other answers it rules out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pyo3_kit.render.interview import Evaluation, Interview


@dataclass(frozen=True, slots=True)
class Taken:
    """The explicit answers after a change, their evaluation, which were reset, and notes for users."""

    given: dict[str, Any]
    evaluation: Evaluation
    reset: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def take_answer(
    interview: Interview, given: Mapping[str, Any], name: str, answer: Any, locked: Collection[str]
) -> Taken:
    """The `given` answers with this one.

    One that equals the default does not count as explicit, so that it keeps following the answers that it is derived
    from. Answers that it rules out are dropped, except `locked` ones: these rule out the new answer instead.
    """
    without = {other: value for other, value in given.items() if other != name}
    evaluation = interview.evaluate(without)
    item = evaluation[name]
    new = without
    if item.missing or item.error or item.value != answer or type(item.value) is not type(answer):
        new = {**without, name: answer}
        evaluation = interview.evaluate(new)
    for other in evaluation.items:
        if other.name in locked and other.asked and other.error:
            note = f"{name} is unchanged: {other.name} is fixed, and {other.error}"
            return Taken(dict(given), interview.evaluate(given), notes=(note,))
    dropped = [
        other
        for other in evaluation.items
        if other.name in new and other.name not in (name, *locked) and (not other.asked or other.error)
    ]
    if not dropped:
        return Taken(dict(new), evaluation)
    kept = {other: value for other, value in new.items() if other not in {item.name for item in dropped}}
    notes = [f"{item.name} is reset to its default{f': {item.error}' if item.error else ''}" for item in dropped]
    return Taken(kept, interview.evaluate(kept), tuple(item.name for item in dropped), tuple(notes))
