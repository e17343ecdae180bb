"""`pyo3-kit questions`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pyo3_kit.cli.output import print_json, put_block
from pyo3_kit.render import find_source, open_template
from pyo3_kit.render.interview import Evaluation, Item, show


def list_questions(template: str | None, ref: str | None, *, as_json: bool) -> None:
    """Print every question that a user can answer; `Refused` when there is no such template."""
    with open_template(find_source(template, ref), Path("my-lib").absolute()) as opened:
        interview = opened.interview({})
        evaluation = interview.evaluate({})
        listed = [_describe(item, interview.questions[item.name]) for item in evaluation.items if not item.computed]
        title = opened.source.url
    if as_json:
        print_json({"template": title, "questions": listed})
        return
    put_block("\n\n".join(_as_text(question, evaluation) for question in listed))


def _describe(item: Item, raw: dict[str, Any]) -> dict[str, Any]:
    choices = [{"title": option.title, "value": option.value} for option in item.options] or _raw_choices(
        raw.get("choices")
    )
    return {
        "name": item.name,
        "type": item.kind,
        "choices": choices,
        "default": raw.get("default"),
        "help": item.help,
        "when": raw.get("when", True),
        "multiselect": item.multiselect,
    }


def _raw_choices(choices: Any) -> list[dict[str, Any]]:
    """The choices of a question that is not asked with the default answers, as far as they stand there unrendered."""
    if isinstance(choices, dict):
        pairs = list(choices.items())
    elif isinstance(choices, list):
        pairs = [tuple(choice) if isinstance(choice, list) else (choice, choice) for choice in choices]
    else:
        return []
    return [
        {"title": str(title), "value": value["value"] if isinstance(value, dict) else value} for title, value in pairs
    ]


def _as_text(question: dict[str, Any], evaluation: Evaluation) -> str:
    lines = [f"{question['name']} ({question['type']})"]
    if question["help"]:
        lines += [f"  {line}" for line in question["help"].splitlines()]
    if question["choices"]:
        lines.append(f"  choices: {', '.join(show(choice['value']) for choice in question['choices'])}")
    default = question["default"]
    item = evaluation[question["name"]]
    if isinstance(default, str) and "{" in default:
        derived = f" (as {show(item.value)})" if item.asked and not item.missing and item.value != "" else ""
        lines.append(f"  default: follows from other answers{derived}")
    elif default not in (None, ""):
        lines.append(f"  default: {show(default)}")
    if isinstance(question["when"], str):
        lines.append(f"  asked if: {question['when'].strip('{} ')}")
    return "\n".join(lines)
