"""A project's status as text and as a JSON object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pyo3_kit.update.comparing import FileStatus, Kind
from pyo3_kit.update.status import Status

if TYPE_CHECKING:
    from pyo3_kit.update.json_types import FileDifference, StatusOutput

_MEANINGS = {
    Kind.CUSTOMISED: "your own changes, which is fine",
    Kind.DRIFTED: "the template's part was changed",
    Kind.STALE: "from an older version of the template",
    Kind.MISSING: "not in the project",
}
_PENDING = {
    "interrupted": "An update was interrupted. Finish it with `pyo3-kit update --continue` (undo: `--abort`).",
    "conflicts": "An update left conflicts. Resolve them, then run `pyo3-kit update --continue` (undo: `--abort`).",
}


def lines(found: Status) -> Iterator[str]:
    """The versions and the files that differ, then the same for each overlay."""
    owner = f"overlay {found.name}, " if found.name else ""
    newest = f"the newest version is {found.newest}" if found.behind else "the newest version"
    yield f"{owner}{found.template}: at {found.version}, {newest}"
    if found.pending:
        yield _PENDING[found.pending]
    elif found.behind:
        yield "Run `pyo3-kit update --dry-run` to see what an update would change."
    if found.waiting:
        yield f"Not merged yet: {', '.join(found.waiting)}. Run `pyo3-kit overlay apply`."
    if found.files is not None:
        yield from _file_lines(found.files, found.same)
    for overlay in found.overlays:
        yield ""
        yield from lines(overlay)


def _file_lines(files: Sequence[FileStatus], same: int) -> Iterator[str]:
    width = max((len(file.path) for file in files), default=0)
    for kind, meaning in _MEANINGS.items():
        listed = [file for file in files if file.kind is kind]
        if listed:
            yield from ("", f"{kind.value} ({len(listed)}): {meaning}")
        for file in listed:
            keys = f": {', '.join(file.keys)}" if file.keys else ""
            yield f"  {file.path:<{width}}  {file.reason}{keys}"
    yield from ("", f"{same} {'file matches' if same == 1 else 'files match'} the template")


def as_object(found: Status) -> StatusOutput:
    """The status as a JSON object; `files` is null when they were not compared."""
    files = None
    if found.files is not None:
        files = {kind.value: [_file(file) for file in found.files if file.kind is kind] for kind in Kind}
    return {
        "path": str(found.project.root),
        "template": found.template,
        "version": found.version,
        "newest": found.newest,
        "behind": found.behind,
        "pending": found.pending,
        "current": found.current,
        "files": files,
        "warnings": list(found.warnings),
        "overlays": [{"name": overlay.name, **as_object(overlay)} for overlay in found.overlays],
        "waiting": list(found.waiting),
    }


def _file(file: FileStatus) -> FileDifference:
    return {"path": file.path, "reason": file.reason, "keys": list(file.keys)}
