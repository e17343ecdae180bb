"""The template's questions, described for users."""

from __future__ import annotations

from typing import Any, TypedDict

from pyo3_kit.render.interview import Evaluation, Item, show


class ChoiceOutput(TypedDict):
    """A choice of a question."""

    title: str
    value: Any


class QuestionOutput(TypedDict):
    """A question of the template."""

    name: str
    type: str
    choices: list[ChoiceOutput]
    default: Any
    """A value, or a template that computes it from other answers."""
    help: str
    when: Any
    """True, or a template that says whether the question is asked."""
    multiselect: bool


def describe_question(item: Item, raw: dict[str, Any]) -> QuestionOutput:
    """A question as a JSON object; `raw` is what copier.yml says about it."""
    choices: list[ChoiceOutput] = [{"title": option.title, "value": option.value} for option in item.options]
    return {
        "name": item.name,
        "type": item.kind,
        "choices": choices or _raw_choices(raw.get("choices")),
        "default": raw.get("default"),
        "help": item.help,
        "when": raw.get("when", True),
        "multiselect": item.multiselect,
    }


def _raw_choices(choices: Any) -> list[ChoiceOutput]:
    """The choices, not rendered, of a question that is not asked with the default answers."""
    if isinstance(choices, dict):
        pairs = list(choices.items())
    elif isinstance(choices, list):
        pairs = [tuple(choice) if isinstance(choice, list) else (choice, choice) for choice in choices]
    else:
        return []
    return [
        {"title": str(title), "value": value["value"] if isinstance(value, dict) else value} for title, value in pairs
    ]


def question_text(question: QuestionOutput, evaluation: Evaluation) -> str:
    """A described question as text."""
    lines = [f"{question['name']} ({question['type']})"]
    if question["help"]:
        lines += [f"  {line}" for line in question["help"].splitlines()]
    if question["choices"]:
        lines.append(f"  choices: {', '.join(show(choice['value']) for choice in question['choices'])}")
    default = question["default"]
    item = evaluation[question["name"]]
    if isinstance(default, str) and "{" in default:
        example = f", e.g. {show(item.value)}" if item.asked and not item.missing and item.value != "" else ""
        lines.append(f"  default: depends on other answers{example}")
    elif default not in (None, ""):
        lines.append(f"  default: {show(default)}")
    if isinstance(question["when"], str):
        lines.append(f"  asked if: {question['when'].strip('{} ')}")
    return "\n".join(lines)
