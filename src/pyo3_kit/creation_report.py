"""What `new` created, as text and as a JSON object."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict

from pyo3_kit.creation import Created
from pyo3_kit.texts.listing import Entry

_HOW = {"answered": "", "default": " (default)", "fixed": " (fixed)", "hidden": " (not asked)"}


class DecidedAnswer(TypedDict):
    """What a preset decided about a question."""

    value: Any
    how: Annotated[str, Literal["answered", "default", "fixed", "hidden"]]


class AppliedOverlay(TypedDict):
    """An overlay of the new project."""

    name: str
    template: str
    ref: str
    answers: dict[str, Any]


class NewOutput(TypedDict):
    """What `new` prints."""

    path: str
    """The project's folder."""
    template: str
    """The template's address."""
    ref: str | None
    """The template's version."""
    preset: str | None
    decided: dict[str, DecidedAnswer]
    """What the preset decided, by question."""
    overlays: list[AppliedOverlay]
    warnings: list[str]
    answers: dict[str, Any]
    files: list[Annotated[dict[str, Any], Entry]]
    kept: list[str]
    """Where replaced files are kept, with `--force`."""
    committed: bool
    dry_run: bool
    built: bool
    next: list[str]
    """The commands to run next."""


def decided_line(created: Created) -> str:
    """What the preset decided, in one line."""
    from pyo3_kit.render.interview import show

    decided = [f"{one.question} = {show(one.value) or 'empty'}{_HOW[one.how]}" for one in created.decided]
    return f"The preset {created.preset} decided: {'; '.join(decided) or 'nothing'}."


def as_object(created: Created, *, built: bool) -> NewOutput:
    """The result as a JSON object."""
    return {
        "path": str(created.path),
        "template": created.template,
        "ref": created.ref,
        "preset": created.preset,
        "decided": {one.question: {"value": one.value, "how": one.how} for one in created.decided},
        "overlays": [
            {"name": one.name, "template": one.template, "ref": one.ref, "answers": dict(one.answers)}
            for one in created.overlays
        ],
        "warnings": [warning for one in created.overlays for warning in one.warnings],
        "answers": dict(created.answers),
        "files": [entry._asdict() for entry in created.files],
        "kept": created.kept,
        "committed": created.committed,
        "dry_run": created.dry_run,
        "built": built,
        "next": created.next,
    }
