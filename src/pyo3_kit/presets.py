"""Presets: named sets of answers, from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.locations import catalogue


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of answers; what it does not name keeps its default."""

    name: str
    summary: str
    answers: Mapping[str, Any]


def load_presets() -> dict[str, Preset]:
    """All presets by name, in the catalogue's order; `Failed` when the catalogue is damaged."""
    import yaml

    path = catalogue() / "presets.yml"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {
            name: Preset(name=name, summary=record["summary"], answers=dict(record["answers"]))
            for name, record in data.items()
        }
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Failed(f"The catalogue of presets cannot be read: {error}", "Install pyo3-kit again.") from error


def find_preset(name: str) -> Preset:
    """The preset of that name; `Refused`, with the names there are, when there is none."""
    presets = load_presets()
    if name in presets:
        return presets[name]
    close = get_close_matches(name, presets, n=1)
    meant = f"Did you mean `{close[0]}`? " if close else ""
    raise Refused(f"There is no preset `{name}`.", f"{meant}Presets: {', '.join(presets)}.")
