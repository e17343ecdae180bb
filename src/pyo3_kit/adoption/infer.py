"""Infer every answer of the questionnaire from a project, and combine them with explicit answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pyo3_kit.adoption.facts import Facts
from pyo3_kit.adoption.model import Inferred, Sure
from pyo3_kit.adoption.names import infer_names
from pyo3_kit.adoption.native import infer_native
from pyo3_kit.adoption.surroundings import infer_surroundings

if TYPE_CHECKING:
    from pyo3_kit.render.interview import Evaluation, Interview


def infer(facts: Facts) -> dict[str, Inferred]:
    """The inferred answers by question; questions that the project says nothing about are omitted."""
    return {**infer_names(facts), **infer_native(facts), **infer_surroundings(facts)}


def usable(interview: Interview, inferred: Mapping[str, Inferred], given: Mapping[str, Any]) -> dict[str, Inferred]:
    """The inferred answers that are now the interview's defaults.

    An answer that the questionnaire rejects, alone or with the `given` ones, is replaced by the template's default,
    with a note. `interview` has the inferred values as settings, and loses the rejected ones.
    """
    kept = dict(inferred)
    for _ in inferred:
        items = interview.evaluate(given).asked
        wrong = next((item for item in items if item.error and item.origin == "setting"), None)
        if wrong is None:
            break
        interview.forget_setting(wrong.name)
        was = inferred[wrong.name]
        value = interview.evaluate(given)[wrong.name].value
        kept[wrong.name] = Inferred(
            value, f"{was.source} says {was.value!r}, which is not valid here: {wrong.error}", Sure.DEFAULT
        )
    return kept


def origins_of_answers(
    evaluation: Evaluation, inferred: Mapping[str, Inferred], given: Mapping[str, Any]
) -> dict[str, Inferred]:
    """The origin of each recorded answer."""
    found = {}
    for name, value in evaluation.recorded.items():
        if name in given:
            found[name] = Inferred(value, "given", Sure.GIVEN)
        elif name in inferred and inferred[name].value == value:
            found[name] = inferred[name]
        else:
            found[name] = Inferred(value, "the project does not say", Sure.DEFAULT)
    return found
