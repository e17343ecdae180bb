"""Combine a preset with those that it extends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyo3_kit.errors import Refused
from pyo3_kit.presets.catalogue import Preset, load_presets, unknown
from pyo3_kit.presets.reading import ANSWERS, DEFAULTS, FIXED, Written


def resolve(written: Written, above: tuple[str, ...] = ()) -> Preset:
    """The complete preset: its own values take precedence over those of the preset that it extends.

    Raises `Refused`, with line and column, if presets extend each other in a cycle, if the name is unknown, and
    if it changes a fixed question.
    """
    if written.name in above:
        circle = " → ".join((*above[above.index(written.name) :], written.name))
        raise Refused(
            f"{written.place('extends')}: `extends` forms a cycle: {circle}.", "Remove one of the `extends` entries."
        )
    below = _below(written, above)
    tables: dict[str, dict[str, Any]] = {
        ANSWERS: dict(below.answers),
        DEFAULTS: dict(below.defaults),
        FIXED: dict(below.fixed),
    }
    sources = dict(below.sources)
    for kind, answers in written.tables.items():
        for question, value in answers.items():
            _refuse_other(written, kind, question, value, below)
            for table in tables.values():
                table.pop(question, None)
            tables[kind if question not in below.fixed else FIXED][question] = value
            sources[question] = (written.name, written.place(kind, question))
    sources |= {f"hidden {name}": (written.name, written.place("hidden")) for name in written.hidden}
    return Preset(
        name=written.name,
        summary=written.summary or below.summary,
        answers=tables[ANSWERS],
        defaults=tables[DEFAULTS],
        fixed=tables[FIXED],
        hidden=tuple(dict.fromkeys([*below.hidden, *written.hidden])),
        overlays=tuple(dict.fromkeys([*below.overlays, *written.overlays])),
        origin=written.file.shown,
        sources=sources,
    )


def _below(written: Written, above: tuple[str, ...]) -> Preset:
    name = written.extends
    if not name:
        return Preset(written.name, "", {})
    if name in written.file.presets:
        return resolve(written.file.presets[name], (*above, written.name))
    ours: Mapping[str, Preset] = load_presets()
    if name in ours:
        return ours[name]
    hint = unknown(name, [*ours, *written.file.presets]).hint
    raise Refused(f"{written.place('extends')}: there is no preset `{name}`.", hint)


def _refuse_other(written: Written, kind: str, question: str, value: Any, below: Preset) -> None:
    if question in below.fixed and below.fixed[question] != value:
        who, where = below.sources.get(question, (below.name, ""))
        raise Refused(
            f"{written.place(kind, question)}: `{question}` is fixed by the preset `{who}`.",
            f"Remove it here, or change it there: {where}.",
        )
