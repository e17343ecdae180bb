"""A preset as text and as a JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pyo3_kit.presets.catalogue import OURS, Preset

_KINDS = {"answers": "", "defaults": "  (asked, with this default)", "fixed": "  (fixed)"}


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


def as_object(preset: Preset) -> dict[str, Any]:
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
