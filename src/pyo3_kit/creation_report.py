"""What `new` created, as text and as a JSON object."""

from __future__ import annotations

from typing import Any

from pyo3_kit.creation import Created

_HOW = {"answered": "", "default": " (default)", "fixed": " (fixed)", "hidden": " (not asked)"}


def decided_line(created: Created) -> str:
    """What the preset decided, in one line."""
    from pyo3_kit.render.interview import show

    decided = [f"{one.question} = {show(one.value) or 'empty'}{_HOW[one.how]}" for one in created.decided]
    return f"The preset {created.preset} decided: {'; '.join(decided) or 'nothing'}."


def as_object(created: Created, *, built: bool) -> dict[str, Any]:
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
