"""`pyo3-kit status`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyo3_kit.cli.output import paint, print_json, put, say
from pyo3_kit.errors import BEHIND, DONE
from pyo3_kit.update.status import FileStatus, Kind, Status, status

_MEANING = {
    Kind.CUSTOMISED: "yours, which is fine",
    Kind.DRIFTED: "the template's part was changed",
    Kind.STALE: "of an older version",
    Kind.MISSING: "not there",
}
_PENDING = {
    "interrupted": "An update was interrupted: go on with `pyo3-kit update --continue`, or undo it with `--abort`.",
    "conflicts": "An update left conflicts: decide them, then `pyo3-kit update --continue`; or undo it with `--abort`.",
}


def show_status(
    path: Path | None, answers_file: str | None, *, quick: bool, as_json: bool, trusted: Sequence[str] = ()
) -> int:
    """Print how the project stands, and return the exit code; errors of the family pass through."""
    found = status(path, answers_file, quick=quick, trusted=trusted)
    if as_json:
        print_json(as_object(found))
    else:
        _show(found)
    return DONE if found.current else BEHIND


def as_object(found: Status) -> dict[str, Any]:
    """The status as a JSON object; `files` is null when they were not looked at."""
    files = found.files
    return {
        "path": str(found.project.root),
        "template": found.template,
        "version": found.version,
        "newest": found.newest,
        "behind": found.behind,
        "pending": found.pending,
        "current": found.current,
        "files": None
        if files is None
        else {kind.value: [_file(file) for file in files if file.kind is kind] for kind in Kind},
        "warnings": list(found.warnings),
        "overlays": [{"name": overlay.name, **as_object(overlay)} for overlay in found.overlays],
        "waiting": list(found.waiting),
    }


def _file(file: FileStatus) -> dict[str, Any]:
    return {"path": file.path, "reason": file.reason, "keys": list(file.keys)}


def _show(found: Status) -> None:
    for warning in found.warnings:
        say(f"{paint('warning:', '1;33')} {warning}")
    whose = f"overlay {found.name}, " if found.name else ""
    put(
        f"{whose}{found.template}: at {found.version}"
        + (f", newest {found.newest}" if found.behind else ", the newest")
    )
    if found.pending:
        put(_PENDING[found.pending])
    elif found.behind:
        put("See `pyo3-kit update --dry-run`.")
    if found.waiting:
        put(f"Not merged in yet: {', '.join(found.waiting)}. `pyo3-kit overlay apply` does it.")
    if found.files is not None:
        _show_files(found)
    for overlay in found.overlays:
        put("")
        _show(overlay)


def _show_files(found: Status) -> None:
    assert found.files is not None
    width = max((len(file.path) for file in found.files), default=0)
    for kind in Kind:
        files = [file for file in found.files if file.kind is kind]
        if files:
            put(f"\n{kind.value} ({len(files)}): {_MEANING[kind]}")
        for file in files:
            keys = f": {', '.join(file.keys)}" if file.keys else ""
            put(f"  {file.path:<{width}}  {file.reason}{keys}")
    put(f"\nas rendered ({found.same})")
