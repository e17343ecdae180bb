"""What a visitor asks for: a preset and answers, as a query string or JSON holds them. Answers are data, never code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

from pyo3_kit.errors import Refused
from pyo3_kit.presets.catalogue import Preset
from pyo3_kit.texts.bounds import load_json
from pyo3_kit.web.setup import ANSWERS_LIMIT

PRESET = "_preset"
"""The parameter for the preset. Questions cannot begin with `_`, so all such names are free."""

DEFAULTS = "_defaults"
"""The form's own parameter: the defaults that it showed, as JSON. What equals its default is not an answer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The explicit answers on top of a preset (empty: none). Values are texts and lists of texts, or typed."""

    preset: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same for the same request."""
        return json.dumps([self.preset, self.answers], sort_keys=True)

    def link(self, chosen: str, without: Iterable[str] = ()) -> str:
        """The query string that holds these answers, except those of the questions `without`.

        `chosen` is the preset of an address that names none.
        """
        kept = {name: value for name, value in self.answers.items() if name not in set(without)}
        pairs: list[tuple[str, str]] = [(PRESET, self.preset)] if self.preset != chosen else []
        for name, value in kept.items():
            if isinstance(value, list):
                # An empty first value says that this is a list, even one of nothing.
                pairs += [(name, ""), *((name, as_text(part)) for part in value)]
            else:
                pairs.append((name, as_text(value)))
        return urlencode(pairs)

    def with_answers(self, answers: Mapping[str, Any]) -> Wanted:
        """The same preset with other answers."""
        return replace(self, answers=answers)


def as_text(value: Any) -> str:
    """An answer as a form holds it; YAML reads what is not a text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def from_pairs(pairs: Iterable[tuple[str, str]], chosen: str) -> tuple[Wanted, dict[str, str]]:
    """What a query string or a form asks for, and its other parameters, which begin with `_`.

    A name that is given several times is a list. `chosen` is the preset if none is named; an empty name means none.
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    others = {name: parts[-1] for name, parts in values.items() if name.startswith("_")}
    answers: dict[str, Any] = {
        name: parts[0] if len(parts) == 1 else [part for part in parts if part]
        for name, parts in values.items()
        if not name.startswith("_")
    }
    shown = _defaults(others.get(DEFAULTS, ""))
    answers = {name: value for name, value in answers.items() if name not in shown or shown[name] != value}
    preset = others.get(PRESET, chosen)
    return _checked(Wanted(preset, answers)), others


def from_json(data: Any, chosen: str) -> Wanted:
    """What a JSON object `{"preset": …, "answers": {…}}` asks for; `Refused` for any other value."""
    if not isinstance(data, dict):
        raise Refused("The body is not a JSON object.", 'Send `{"preset": …, "answers": {…}}`.')
    preset, answers = data.get("preset", chosen), data.get("answers", {})
    if not isinstance(preset, str) or not isinstance(answers, dict):
        raise Refused("`preset` has to be a text and `answers` an object.", "See /openapi.json.")
    return _checked(Wanted(preset, answers))


def _defaults(text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        loaded = load_json(text)
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _checked(wanted: Wanted) -> Wanted:
    if len(wanted.answers) > ANSWERS_LIMIT:
        raise Refused(f"There are more than {ANSWERS_LIMIT} answers.", "Send those that differ from the defaults.")
    try:
        wanted.key.encode()
    except (UnicodeEncodeError, RecursionError):
        raise Refused("An answer is not valid Unicode, or nested too deeply.", "Send plain text.") from None
    return wanted


def folder_name(answers: Mapping[str, Any], preset: Preset | None) -> str:
    """A safe name for the project's folder: the answer to `project_name` if it can be one."""
    given = answers.get("project_name", preset.answers.get("project_name") if preset else None)
    name = given if isinstance(given, str) else ""
    safe = name.isascii() and len(name) <= 100 and all(sign.isalnum() or sign in "-_." for sign in name)
    return name if safe and PurePosixPath(name).name == name and name.strip(".") else "my-lib"
