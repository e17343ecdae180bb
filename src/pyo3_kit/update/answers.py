"""The answers that a project is rendered with: recorded ones, those given now, and more for new questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyo3_kit.errors import Refused

if TYPE_CHECKING:
    from pyo3_kit.render import OpenTemplate
    from pyo3_kit.render.interview import Evaluation, Interview
    from pyo3_kit.texts.listing import Entry


@dataclass(frozen=True, slots=True)
class Draft:
    """What a questionnaire works on when a project is updated.

    `given` are the current answers. With `again` the recorded ones are defaults of `interview` instead, and
    everything is asked once more; without, only what is not given.
    """

    interview: Interview
    given: Mapping[str, Any]
    place: Path
    preview: Callable[[Evaluation], list[Entry]]
    again: bool
    finish: str = "Continue with the update"
    locked: frozenset[str] = frozenset()


Ask = Callable[[Draft], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Settled:
    """The answers of the target version, and notes about them."""

    evaluation: Evaluation
    warnings: tuple[str, ...]


def base_answers(template: OpenTemplate, recorded: Mapping[str, Any], explicit: Mapping[str, Any]) -> Evaluation:
    """The recorded answers for their own version, exactly as recorded.

    What is not recorded (a secret) is taken from the `explicit` ones. `Refused` when the version needs more than that.
    """
    interview = template.interview({}, recorded)
    beside = {name: value for name, value in explicit.items() if name not in recorded and name in interview.questions}
    evaluation = interview.evaluate({**beside, **recorded})
    missing = [item.name for item in evaluation.asked if item.missing]
    if missing:
        raise Refused(
            f"The answers file lacks what the version that rendered the project needs: {', '.join(missing)}.",
            f"Restore the file from Git, or give it with `--data {missing[0]}=…`.",
            missing=missing,
        )
    return evaluation


def target_answers(
    template: OpenTemplate,
    recorded: Mapping[str, Any],
    explicit: Mapping[str, Any],
    place: Path,
    preview: Callable[[Evaluation], list[Entry]],
    ask: Ask | None,
    *,
    again: bool,
) -> Settled:
    """The answers for the version to which the project is updated.

    `Refused` for given answers that cannot be used, for recorded ones that are no longer valid, and for questions that
    have neither an answer nor a default when nobody can be asked.
    """
    questions = template.interview({}).questions
    dropped = [
        f"`{name}` is no longer a question of the template: its answer was dropped."
        for name in recorded
        if name not in questions
    ]
    known = {name: value for name, value in recorded.items() if name in questions}
    answers = _Answers(template, known, explicit, place, preview)
    settled = answers.asked_again(ask) if again and ask is not None else answers.carried_over(ask)
    return Settled(settled.evaluation, (*dropped, *settled.warnings))


@dataclass(frozen=True, slots=True)
class _Answers:
    """The recorded answers that are still asked for, and the ones given now."""

    template: OpenTemplate
    known: Mapping[str, Any]
    explicit: Mapping[str, Any]
    place: Path
    preview: Callable[[Evaluation], list[Entry]]

    def carried_over(self, ask: Ask | None) -> Settled:
        """Keep what was recorded, and ask what is new."""
        from pyo3_kit.render.interview import show
        from pyo3_kit.render.strict import refuse_bad, refuse_missing

        warnings: list[str] = []
        interview = self.template.interview({}, self.known)
        given = {**self.known, **self.explicit}
        evaluation = interview.evaluate(given)
        refuse_bad(evaluation, self.explicit)
        for item in evaluation.items:
            if item.name in self.known and item.name not in self.explicit and not item.asked:
                # A value that is no longer asked for must not show through where the template has no default.
                del given[item.name]
                if item.computed:
                    warnings.append(f"`{item.name}` follows from the other answers now: the recorded one was dropped.")
        evaluation = interview.evaluate(given)
        _refuse_stale(evaluation, self.known)
        fresh = [item for item in evaluation.asked if item.name not in given and (item.missing or not item.secret)]
        if fresh and ask is not None:
            given = dict(ask(Draft(interview, given, self.place, self.preview, again=False)))
            evaluation = interview.evaluate(given)
            refuse_bad(evaluation, {name: value for name, value in given.items() if name not in self.known})
            _refuse_stale(evaluation, self.known)
        refuse_missing(evaluation)
        if ask is None:
            warnings += [
                f"`{item.name}` is a new question: its default was taken, {show(item.value) or 'empty'}."
                for item in fresh
            ]
        warnings += [
            f"`{item.name}` is secret and so not recorded: its default was taken; give it with `--data {item.name}=…`."
            for item in evaluation.asked
            if item.secret and item.name not in given and item not in fresh
        ]
        return Settled(evaluation, tuple(warnings))

    def asked_again(self, ask: Ask) -> Settled:
        """Ask everything again, with what was recorded as defaults."""
        from pyo3_kit.render.strict import refuse_bad, refuse_missing

        warnings: list[str] = []
        interview = self.template.interview(
            {name: self.known[name] for name in self.known if name not in self.explicit}, self.known
        )
        for item in interview.evaluate(self.explicit).asked:
            if item.origin == "setting" and item.error:
                warnings.append(f"`{item.name}`: the recorded answer cannot be used: {item.error}")
                interview.forget_setting(item.name)
        refuse_bad(interview.evaluate(self.explicit), self.explicit)
        given = ask(Draft(interview, self.explicit, self.place, self.preview, again=True))
        evaluation = interview.evaluate(given)
        refuse_bad(evaluation, given)
        refuse_missing(evaluation)
        return Settled(evaluation, tuple(warnings))


def _refuse_stale(evaluation: Evaluation, known: Mapping[str, Any]) -> None:
    """Raise `Refused` if a recorded answer is not valid (any longer)."""
    problems = {item.name: item.error for item in evaluation.asked if item.name in known and item.error}
    if not problems:
        return
    lines = "".join(f"\n  {name}: {why}" for name, why in problems.items())
    name, why = next(iter(problems.items()))
    raise Refused(
        f"A recorded answer is not valid here: {name}: {why}"
        if len(problems) == 1
        else f"{len(problems)} recorded answers are not valid here:{lines}",
        f"Give another one with `--data {name}=…`, or answer again with `--ask`.",
        problems=problems,
    )
