"""Ask only the unanswered questions, one after the other, without a last page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyo3_kit.questionnaire.prompts import Move, Prompter
from pyo3_kit.questionnaire.walk import Draft
from pyo3_kit.render.pages import choice_help


def fill(draft: Draft) -> Mapping[str, Any]:
    """Ask for all missing answers and return all answers; `KeyboardInterrupt` if the user cancels."""
    given = dict(draft.given)
    prompter = Prompter()
    answered: list[str] = []
    while True:
        evaluation = draft.interview.evaluate(given)
        item = next((one for one in evaluation.asked if one.name not in given), None)
        if item is None:
            return given
        name = item.name
        heading = f"New question · {len(answered) + 1}"
        answer = prompter.ask(
            item,
            heading,
            lambda value, name=name, evaluation=evaluation: choice_help(evaluation, name, value),  # type: ignore[misc]
            back=bool(answered),
        )
        if answer is Move.BACK:
            del given[answered.pop()]
        else:
            given[name] = answer
            answered.append(name)
