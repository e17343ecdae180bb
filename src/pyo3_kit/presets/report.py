"""A preset as text and as a JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict

from pyo3_kit.presets.catalogue import OURS, Preset

_KINDS = {"answers": "", "defaults": "  (asked, with this default)", "fixed": "  (fixed)"}


class PresetOutput(TypedDict):
    """What `presets NAME` prints."""

    name: str
    summary: str
    answers: dict[str, Any]
    """Answers that can be changed."""
    defaults: dict[str, Any]
    """Other defaults for questions that are asked."""
    fixed: dict[str, Any]
    """Answers that cannot be changed."""
    hidden: list[str]
    """Questions that are not asked."""
    overlays: list[str]
    origin: str
    """`pyo3-kit`, or the file that has it."""


def origin(preset: Preset) -> str:
    """Where a preset of others comes from, to be printed after it."""
    return "" if preset.origin == OURS else f"  [{preset.origin}]"


def lines(preset: Preset) -> Iterator[str]:
    """What the preset decides, one line per question."""
    yield f"{preset.name}: {preset.summary}{origin(preset)}"
    for kind, meaning in _KINDS.items():
        for question, answer in getattr(preset, kind).items():
            source = preset.sources.get(question, (preset.name, ""))[0]
            inherited = "" if source == preset.name else f"  [from {source}]"
            yield f"  {question}: {json.dumps(answer, ensure_ascii=False)}{meaning}{inherited}"
    for question in preset.hidden:
        yield f"  {question}: not asked"
    for overlay in preset.overlays:
        yield f"  overlay: {overlay}"


def as_object(preset: Preset) -> PresetOutput:
    """The preset as a JSON object."""
    return {
        "name": preset.name,
        "summary": preset.summary,
        "answers": dict(preset.answers),
        "defaults": dict(preset.defaults),
        "fixed": dict(preset.fixed),
        "hidden": list(preset.hidden),
        "overlays": list(preset.overlays),
        "origin": preset.origin,
    }


def checked(preset: Preset) -> Preset:
    """The preset, checked against the questions of our template if it is not one of ours; `Refused` if it is wrong."""
    if preset.origin == OURS:
        return preset
    from pyo3_kit.presets.checking import check_preset
    from pyo3_kit.render import find_source, open_template

    with open_template(find_source(None, None), Path("my-lib")) as template:
        check_preset(preset, template.interview({}))
    return preset
