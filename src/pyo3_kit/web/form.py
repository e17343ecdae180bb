"""The questions with their answers, as a page shows them and as programs get them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pyo3_kit.render.interview import Evaluation, Item
from pyo3_kit.render.pages import choice_help, pages_of
from pyo3_kit.web.wanted import as_text


def describe_pages(
    evaluation: Evaluation, locked: Collection[str], given: Collection[str], practices: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    """The pages of a template with the questions that are asked; a page without any is left out.

    `locked` questions are decided by the preset, `given` ones answered explicitly; `practices` are ids by question.
    """
    pages = []
    for page in pages_of(evaluation):
        questions = [
            {**_describe(evaluation, item), "given": item.name in given, "practices": practices.get(item.name, [])}
            for item in page.asked(evaluation)
            if item.name not in locked
        ]
        if questions:
            pages.append({"title": page.title, "short": page.short, "questions": questions})
    return pages


def problems_of(items: Iterable[Item]) -> dict[str, str]:
    """Why a question's answer cannot be used, or that it needs one, by name."""
    problems = {}
    for item in items:
        if item.asked and item.error:
            problems[item.name] = item.error
        elif item.asked and item.missing:
            problems[item.name] = "an answer is needed"
    return problems


def _describe(evaluation: Evaluation, item: Item) -> dict[str, Any]:
    return {
        "name": item.name,
        "type": item.kind,
        "help": item.help,
        "placeholder": item.placeholder,
        "choices": [
            {
                "title": option.title,
                "value": as_text(option.value),
                "refused": option.refused,
                "help": choice_help(evaluation, item.name, option.value),
            }
            for option in item.options or _truth(item)
        ],
        "multiselect": item.multiselect,
        "multiline": item.multiline,
        "secret": item.secret,
        "value": _value(item),
        "missing": item.missing,
        "error": item.error,
    }


def _truth(item: Item) -> tuple[Any, ...]:
    from pyo3_kit.render.interview import Option

    return (Option("Yes", True, ""), Option("No", False, "")) if item.kind == "bool" else ()


def _value(item: Item) -> str | list[str]:
    if item.secret or item.missing:
        return [] if item.multiselect else ""
    if item.multiselect and isinstance(item.value, list):
        return [as_text(value) for value in item.value]
    if item.kind == "yaml" and not isinstance(item.value, str):
        import yaml

        return (
            str(yaml.safe_dump(item.value, allow_unicode=True, default_flow_style=None)).removesuffix("...\n").strip()
        )
    return "" if item.value is None else as_text(item.value)
