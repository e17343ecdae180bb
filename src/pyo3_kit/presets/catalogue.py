"""Presets: named sets of answers. Ours come from the catalogue; `reading` reads those of others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.system.reading import read_text
from pyo3_kit.template.location import catalogue
from pyo3_kit.texts.bounds import load_yaml

OURS = "pyo3-kit"
"""The origin of the catalogue's presets."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of answers; other questions keep their defaults.

    `answers` are set but can be changed; `defaults` are asked, with a different default; `fixed` ones cannot be
    changed; `hidden` questions are not asked. `overlays` are applied to the project. `origin` says where the preset
    comes from, `sources` where each of the values is set: the name of the preset, and the place in its file.
    """

    name: str
    summary: str
    answers: Mapping[str, Any]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    origin: str = OURS
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def locked(self) -> frozenset[str]:
        """The questions that are not asked."""
        return frozenset({*self.fixed, *self.hidden})


def load_presets() -> dict[str, Preset]:
    """All presets by name, in the catalogue's order; raises `Failed` if the catalogue is damaged."""
    import yaml

    path = catalogue() / "presets.yml"
    try:
        data = load_yaml(read_text(path), yaml.SafeLoader)
        return {
            name: Preset(name=name, summary=record["summary"], answers=dict(record["answers"]))
            for name, record in data.items()
        }
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Failed(f"The catalogue of presets cannot be read: {error}", "Reinstall pyo3-kit.") from error


def unknown(name: str, names: Collection[str]) -> Refused:
    """The error for a preset name that is not among these names."""
    close = get_close_matches(name, names, n=1)
    meant = f"Did you mean `{close[0]}`? " if close else ""
    return Refused(f"There is no preset `{name}`.", f"{meant}Presets: {', '.join(names)}.")
