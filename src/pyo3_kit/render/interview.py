"""The questionnaire of a template, evaluated: what is asked, what may be answered, what the answers are.

Order, conditions, defaults, choices and validators come from the template's questions alone, by Copier's own rules.
What is stricter than Copier: a value has to have the question's type, and `strict.py` refuses keys that Copier takes
silently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyo3_kit.render import _copier as c

_BOOLEANS = {"y", "yes", "t", "true", "on", "1", "n", "no", "f", "false", "off", "0"}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question; `refused` is the reason why it cannot be taken with the other answers."""

    title: str
    value: Any
    refused: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question with its answer.

    `asked` if its condition holds, `computed` if it never does. `missing` means that there is neither an
    answer nor a default; `error` is why the answer or the default cannot be used. `origin` is `given`, `setting` (the
    user's own default) or `default`.
    """

    name: str
    kind: str
    help: str
    placeholder: str
    options: tuple[Option, ...]
    multiselect: bool
    multiline: bool
    secret: bool
    asked: bool
    computed: bool
    condition: str
    value: Any
    origin: str
    missing: bool
    error: str
    _question: Any

    def check(self, raw: Any) -> tuple[Any, str]:
        """The answer for `raw`, and the reason why it is invalid (empty if it is valid)."""
        return _check(self._question, self.kind, self.options, raw)

    @property
    def title(self) -> str:
        """The answer as people read it: the title of a choice, yes or no, or the text."""
        if self.missing:
            return ""
        for option in self.options:
            if option.value == self.value:
                return option.title
        return show(self.value)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All questions under one set of given answers."""

    items: tuple[Item, ...]
    answers: Any

    def __getitem__(self, name: str) -> Item:
        return next(item for item in self.items if item.name == name)

    @property
    def asked(self) -> list[Item]:
        """The questions whose condition holds."""
        return [item for item in self.items if item.asked]

    @property
    def recorded(self) -> dict[str, Any]:
        """The answers that the project records, by name."""
        return {item.name: item.value for item in self.items if item.asked and not item.missing and not item.secret}


class Interview:
    """The questionnaire of the template that `worker` has open; `settings` are defaults of the user's own.

    `recorded` are answers that Copier recorded: if one is passed unchanged, its type is Copier's
    affair.
    """

    def __init__(
        self, worker: c.KitWorker, settings: Mapping[str, Any], source: str, recorded: Mapping[str, Any] | None = None
    ) -> None:
        self._worker = worker
        self._settings = dict(settings)
        self._recorded = dict(recorded or {})
        self._source = source
        self._last: tuple[dict[str, Any], Evaluation] | None = None
        with c.translated(source):
            self.questions: dict[str, dict[str, Any]] = dict(worker.template.questions_data)

    def forget_setting(self, name: str) -> None:
        """Take the template's default for this question instead of the user's own."""
        self._settings.pop(name, None)
        self._last = None

    def evaluate(self, given: Mapping[str, Any]) -> Evaluation:
        """Go through all questions with these answers; missing ones are derived. Errors are in the items."""
        if self._last and self._last[0] == given:
            return self._last[1]
        worker = self._worker
        items = []
        with c.translated(self._source):
            answers = c.AnswersMap(
                init={name: value for name, value in given.items() if name in self.questions},
                metadata=worker.template.metadata,
                external=worker._external_data(),
            )
            worker.answers = answers
            for name, details in self.questions.items():
                item = self._item(name, details, answers, given)
                if not item.asked:
                    answers.hide(name)
                if not item.missing:
                    answers.user[name] = item.value
                items.append(item)
        evaluation = Evaluation(tuple(items), answers)
        self._last = dict(given), evaluation
        return evaluation

    def _item(self, name: str, details: dict[str, Any], answers: c.AnswersMap, given: Mapping[str, Any]) -> Item:
        worker = self._worker
        question = c.Question(
            var_name=name,
            answers=answers,
            context=worker._render_context(),
            jinja_env=worker.jinja_env,
            settings=worker.settings,
            **details,
        )
        kind = question.get_type_name()
        when = details.get("when", True)
        asked = _rendered(question.get_when, True)
        options = _options(question) if asked else ()
        value, error, missing, origin = self._answer(question, kind, options, asked, given)
        return Item(
            name=name,
            kind=kind,
            help=str(_rendered(lambda: question.render_value(question.help), question.help)).strip(),
            placeholder=str(_rendered(question.get_placeholder, "")),
            options=options,
            multiselect=question.multiselect,
            multiline=_rendered(question.get_multiline, False),
            secret=bool(question.secret),
            asked=asked,
            computed=when is False,
            condition=when if isinstance(when, str) else "",
            value=value,
            origin=origin,
            missing=missing,
            error=error,
            _question=question,
        )

    def _answer(
        self, question: Any, kind: str, options: Sequence[Option], asked: bool, given: Mapping[str, Any]
    ) -> tuple[Any, str, bool, str]:
        name = question.var_name
        if asked and name in given:
            return *self._checked(question, kind, options, given[name]), False, "given"
        if asked and name in self._settings:
            value, error = self._checked(question, kind, options, self._settings[name])
            return value, error, False, "setting"
        try:
            raw = question.render_value(question.default, extra_answers={"UNSET": c.unset()})
            if raw is c.MISSING:
                return None, "", True, "default"
            value = question.parse_answer(raw)
        except c.UnsetError:
            return None, "", True, "default"
        except (c.UserError, ValueError, TypeError) as error:
            # A default that is derived from an answer which is still missing, or that no choice fits.
            return None, reason(error), True, "default"
        return value, _refusal(question, value) if asked else "", False, "default"

    def _checked(self, question: Any, kind: str, options: Sequence[Option], raw: Any) -> tuple[Any, str]:
        name = question.var_name
        known = name in self._recorded and self._recorded[name] == raw
        return _check(question, kind, options, raw, strict=not known)


def show(value: Any) -> str:
    """An answer as a user would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(show(item) for item in value)
    return "" if value is None else str(value)


def reason(error: Exception) -> str:
    """What Copier says about an answer, without its opening words, which name the question again."""
    text = str(error)
    for opening in ("Validation error for question ", "Invalid choice for "):
        if text.startswith(opening) and ": " in text:
            return text.split(": ", 1)[1]
    return text or type(error).__name__


def _rendered(compute: Any, otherwise: Any) -> Any:
    """What a question's text renders to, while the answers that it refers to may still be missing."""
    try:
        return compute()
    except c.UserError:
        return otherwise


def _options(question: Any) -> tuple[Option, ...]:
    return tuple(
        Option(str(choice.title), question.cast_answer(choice.value), str(choice.disabled or "").strip())
        for choice in _rendered(lambda: question._formatted_choices, ())
    )


def _refusal(question: Any, value: Any) -> str:
    try:
        question.validate_answer(value)
    except ValueError as error:
        return reason(error)
    return ""


def _check(question: Any, kind: str, options: Sequence[Option], raw: Any, *, strict: bool = True) -> tuple[Any, str]:
    wrong = _wrong_type(kind, raw, bool(question.multiselect)) if strict else ""
    if wrong:
        return raw, wrong
    try:
        value = question.parse_answer(raw)
    except (ValueError, TypeError) as error:
        if options:
            return raw, _wrong_choice(options, raw) or reason(error)
        return raw, f"{show(raw)!r} cannot be read as {kind}"
    return value, _refusal(question, value)


def _wrong_type(kind: str, raw: Any, several: bool) -> str:
    if several:
        return "" if isinstance(raw, (str, list)) else "a list is needed"
    if kind in {"yaml", "json"}:
        return ""
    if kind in {"str", "path"} and not isinstance(raw, str):
        return f"text is needed, not {_named(raw)}: put it in quotes"
    if kind == "bool" and not (isinstance(raw, bool) or str(raw).strip().lower() in _BOOLEANS):
        return f"true or false is needed, not {show(raw)!r}"
    if kind in {"int", "float"} and (isinstance(raw, bool) or not isinstance(raw, (str, int, float))):
        return f"a number is needed, not {_named(raw)}"
    return ""


def _wrong_choice(options: Sequence[Option], raw: Any) -> str:
    for option in options:
        if show(option.value) == show(raw):
            return option.refused
    return f"{show(raw)!r} is not one of {', '.join(show(option.value) for option in options if not option.refused)}"


def _named(raw: Any) -> str:
    names = {
        "dict": "a mapping",
        "list": "a list",
        "bool": "a truth value",
        "int": "a number",
        "float": "a number",
        "NoneType": "nothing",
    }
    return names.get(type(raw).__name__, type(raw).__name__)
