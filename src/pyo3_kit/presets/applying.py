"""A preset at work: what it decided about a project, and answers that contradict it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyo3_kit.errors import Refused
from pyo3_kit.presets.catalogue import Preset

if TYPE_CHECKING:
    from pyo3_kit.render.interview import Evaluation, Interview


@dataclass(frozen=True, slots=True)
class Decided:
    """A preset's decision about a question; `how` is answered, default, fixed or hidden."""

    question: str
    value: Any
    how: str


def refuse_contradicting(preset: Preset, explicit: Mapping[str, Any], interview: Interview) -> None:
    """Raise `Refused` if an explicit answer differs from one that the preset fixed."""
    from pyo3_kit.render.interview import show

    for name, value in explicit.items():
        if name not in preset.fixed:
            continue
        item = interview.evaluate({**preset.fixed})[name]
        if item.check(value)[0] != item.check(preset.fixed[name])[0]:
            who, where = preset.sources.get(name, (preset.name, preset.origin))
            raise Refused(
                f"`{name}` cannot be {show(value)}: the preset `{who}` fixes it at {show(preset.fixed[name])} "
                f"({where}).",
                "Omit it, or use another preset.",
            )


def list_decided(preset: Preset, evaluation: Evaluation) -> Iterator[Decided]:
    """The preset's decisions in the order of the questionnaire, without questions that these answers skip."""
    for item in evaluation.asked:
        for how, names in (
            ("fixed", preset.fixed),
            ("answered", preset.answers),
            ("hidden", preset.hidden),
            ("default", preset.defaults),
        ):
            if item.name in names:
                yield Decided(item.name, item.value, how)
                break
