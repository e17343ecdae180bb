"""`pyo3-kit presets`."""

from __future__ import annotations

import json
from typing import Any

from pyo3_kit.cli.output import print_json, put
from pyo3_kit.presets import Preset, find_preset, load_presets


def show_presets(name: str | None, *, as_json: bool) -> None:
    """Print all presets, or one with its answers; `Refused` when there is none of that name."""
    if name is not None:
        preset = find_preset(name)
        if as_json:
            print_json(_as_object(preset))
            return
        put(f"{preset.name}: {preset.summary}")
        for question, answer in preset.answers.items():
            put(f"  {question}: {json.dumps(answer)}")
        return
    presets = load_presets()
    if as_json:
        print_json({"presets": [_as_object(preset) for preset in presets.values()]})
        return
    width = max(map(len, presets))
    for preset in presets.values():
        put(f"{preset.name:<{width}}  {preset.summary}")


def _as_object(preset: Preset) -> dict[str, Any]:
    return {"name": preset.name, "summary": preset.summary, "answers": dict(preset.answers)}
