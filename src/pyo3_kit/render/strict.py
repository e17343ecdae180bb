"""Refusals that Copier lacks: keys that no question has, keys that nobody may set, answers that are not asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pyo3_kit.errors import Refused
from pyo3_kit.render.interview import Evaluation, Item, show


def refuse_bad(evaluation: Evaluation, given: Mapping[str, Any]) -> None:
    """Raise `Refused`, with everything that is wrong with the given answers in one message, or return."""
    known = {item.name: item for item in evaluation.items}
    problems = {}
    for key in given:
        problem = _problem(key, given[key], known, evaluation)
        if problem:
            problems[key] = problem
    for item in evaluation.asked:
        if item.error and item.origin == "setting":
            problems[item.name] = f"{item.error} (from your own defaults)"
    if not problems:
        return
    if len(problems) == 1:
        key, problem = next(iter(problems.items()))
        message = f"{key}: {problem}"
    else:
        message = f"{len(problems)} answers cannot be used:" + "".join(
            f"\n  {key}: {problem}" for key, problem in problems.items()
        )
    raise Refused(message, "`pyo3-kit questions` lists every question and its answers.", problems=problems)


def refuse_missing(evaluation: Evaluation) -> None:
    """Raise `Refused`, naming every question that needs an answer and has no usable default, or return."""
    missing = {item.name: item.error or _first(item.help) for item in evaluation.asked if item.missing or item.error}
    if not missing:
        return
    lines = "".join(f"\n  {name}: {why}" if why else f"\n  {name}" for name, why in missing.items())
    example = next(iter(missing))
    raise Refused(
        f"{'An answer is' if len(missing) == 1 else 'Answers are'} needed:{lines}",
        f"Give each with `--data {example}=…` or in a file with `--data-file`, or run in a terminal to be asked.",
        missing=list(missing),
    )


def _problem(key: str, raw: Any, known: Mapping[str, Item], evaluation: Evaluation) -> str:
    if key.startswith("_"):
        return "a key that begins with `_` belongs to Copier and cannot be set"
    if key not in known:
        close = get_close_matches(key, [item.name for item in known.values() if not item.computed], n=1)
        return "there is no such question" + (f"; did you mean `{close[0]}`?" if close else "")
    item = known[key]
    if item.computed:
        return "it follows from the other answers and cannot be set"
    if not item.asked:
        return item.check(raw)[1] or _not_asked(item, evaluation)
    return item.error if item.origin == "given" else ""


def _not_asked(item: Item, evaluation: Evaluation) -> str:
    words = set(re.findall(r"[A-Za-z_]\w*", item.condition))
    because = [
        f"{other.name} is {show(other.value)}"
        for other in evaluation.items
        if other.name in words and not other.missing
    ]
    return "it is not asked" + (f" while {' and '.join(because)}" if because else " with these answers")


def _first(text: str) -> str:
    """The first sentence of a help text."""
    return re.split(r"(?<=\.)\s", text, maxsplit=1)[0]
