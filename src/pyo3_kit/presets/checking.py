"""Check a preset against the template's questions."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from pyo3_kit.errors import Refused
from pyo3_kit.presets.catalogue import Preset

if TYPE_CHECKING:
    from pyo3_kit.render.interview import Interview

_SEE = "`pyo3-kit questions` lists every question and its answers."


def check_preset(preset: Preset, interview: Interview) -> None:
    """Raise `Refused`, with line and column, if the preset cannot be used with these questions.

    This is the case if it names an unknown or computed question, gives an answer that its question
    rejects, or hides a question that has neither an answer nor a default.
    """
    given = {**preset.defaults, **preset.answers, **preset.fixed}
    evaluation = interview.evaluate(given)
    items = {item.name: item for item in evaluation.items}
    open_to_all = [item.name for item in evaluation.items if not item.computed]
    for question in (*given, *preset.hidden):
        where = _place(preset, question)
        if question not in items:
            close = get_close_matches(question, open_to_all, n=1)
            meant = f"Did you mean `{close[0]}`? " if close else ""
            raise Refused(f"{where}: there is no question `{question}`.", f"{meant}{_SEE}")
        item = items[question]
        if item.computed:
            raise Refused(f"{where}: `{question}` is computed from other answers and cannot be set.", _SEE)
        if question in given:
            error = item.error if item.asked and item.origin == "given" else item.check(given[question])[1]
            if error:
                raise Refused(f"{where}: {question}: {error}", _SEE)
        elif item.missing:
            raise Refused(
                f"{where}: `{question}` is hidden but has no default.",
                f"Answer it in `[presets.{preset.name}.fixed]` or `.defaults`.",
            )


def _place(preset: Preset, question: str) -> str:
    return preset.sources.get(question, preset.sources.get(f"hidden {question}", ("", preset.origin)))[1]
