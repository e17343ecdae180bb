"""`pyo3-kit presets`."""

from __future__ import annotations

import json
from typing import Any

from pyo3_kit.cli.output import print_json, put, say
from pyo3_kit.errors import DONE, REFUSED
from pyo3_kit.presets import check_preset, find_preset, list_presets
from pyo3_kit.presets.catalogue import OURS, Preset

_KINDS = ("answers", "defaults", "fixed")
_WORDS = {"answers": "", "defaults": "  (asked, with this default)", "fixed": "  (fixed)"}


def show_presets(name: str | None, *, as_json: bool) -> int:
    """Print all presets, or one with what it decides; `SRC#` lists those of a file, a folder or a repository.

    Returns the exit code, `REFUSED` where one of a list cannot be used: it is named with the reason, beside the others.
    `Refused` when there is none of the name that is given, or it cannot be used, and for a malformed file.
    """
    if name is not None and not name.endswith("#"):
        _show(_checked(find_preset(name)), as_json=as_json)
        return DONE
    presets, unusable = list_presets(name.removesuffix("#") if name else None)
    if as_json:
        print_json(
            {
                "presets": [_as_object(preset) for preset in presets.values()],
                "unusable": {one: {"error": why.message, "hint": why.hint} for one, why in unusable.items()},
            }
        )
    else:
        width = max(map(len, presets), default=0)
        for preset in presets.values():
            origin = "" if preset.origin == OURS else f"  [{preset.origin}]"
            put(f"{preset.name:<{width}}  {preset.summary}{origin}")
    for broken, why in unusable.items():
        say(f"`{broken}` cannot be used: {why.message} {why.hint}".rstrip())
    return REFUSED if unusable else DONE


def _checked(preset: Preset) -> Preset:
    """A preset of others, held against the questions of our template; ours was when it was released."""
    if preset.origin == OURS:
        return preset
    from pathlib import Path

    from pyo3_kit.render import find_source, open_template

    with open_template(find_source(None, None), Path("my-lib")) as template:
        check_preset(preset, template.interview({}))
    return preset


def _show(preset: Preset, *, as_json: bool) -> None:
    if as_json:
        print_json(_as_object(preset))
        return
    put(f"{preset.name}: {preset.summary}" + ("" if preset.origin == OURS else f"  [{preset.origin}]"))
    for kind in _KINDS:
        for question, answer in getattr(preset, kind).items():
            who = preset.sources.get(question, (preset.name, ""))[0]
            by = "" if who == preset.name else f"  [by {who}]"
            put(f"  {question}: {json.dumps(answer, ensure_ascii=False)}{_WORDS[kind]}{by}")
    for question in preset.hidden:
        put(f"  {question}: not asked")
    for overlay in preset.overlays:
        put(f"  overlay: {overlay}")


def _as_object(preset: Preset) -> dict[str, Any]:
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
