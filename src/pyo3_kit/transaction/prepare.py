"""Check that an update can be done, and write its journal."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import File, FileMerge, Labels
from pyo3_kit.system.names import escape_of, refuse_faults
from pyo3_kit.system.platforms import foreign_characters
from pyo3_kit.system.writing import Root
from pyo3_kit.transaction.conflicts import index_of, is_marked, is_sidecar, own_markers, sidecars
from pyo3_kit.transaction.journal import Contents, Place, parents, save
from pyo3_kit.transaction.record import Journal, Side, Step
from pyo3_kit.transaction.steps import View


def prepare(
    place: Place, merges: Sequence[FileMerge], last: str, meta: Mapping[str, Any], labels: Labels, temporary: Root
) -> Journal:
    """The journal of what is to be done, written into `temporary` with all contents; the project is only read.

    Raises:
        Refused: a file is not what `merges` took it for, is read-only, or cannot be created at its path.
        Failed: Git failed.
        OSError: the system refused.
    """
    expected, wanted = _moves(merges)
    notes = sidecars(merges, labels)
    wanted |= {path: File(content) for path, content in notes.items()}
    _check_paths(expected, wanted)
    contents = Contents()
    emptied = _emptied(place.root, wanted)
    view = View(place.root, wanted, emptied)
    steps, changed = [], []
    for path in ordered(wanted, sorted(notes), last):
        if not path:
            steps.append(Step(""))
            continue
        if path in emptied and wanted[path] is not None:
            _check_only(place.root, path, wanted)
        before, content = view.read(path)
        if before is not None:
            _check_side(path, before)
            before = contents.add(before.kind, content, before.mode)
        if path in expected and not _is(before, content, expected[path]):
            changed.append(path)
        if path in notes and before is not None and not is_sidecar(content):
            changed.append(path)
        steps.append(Step(path, before, _after(contents, before, expected.get(path), wanted[path])))
    if changed:
        raise Refused(
            f"Changed while the update was computed: {', '.join(changed)}.",
            "Nothing was written. Run the command again.",
            paths=changed,
        )
    index = index_of(place, merges, temporary)
    written = {folder for path, file in wanted.items() if file is not None for folder in parents(path)}
    journal = Journal(
        token=secrets.token_hex(4),
        steps=tuple(step for step in steps if step.path or index is not None),
        meta=dict(meta),
        # What is seen through a link that is to go has still to be made.
        made=tuple(sorted(folder for folder in written if view.ground(f"{folder}/.") != folder)),
        emptied=emptied,
        conflicts=tuple(merge.path for merge in merges if merge.conflicts or merge.stages is not None),
        marked={merge.path: own_markers(merge) for merge in merges if is_marked(merge)},
        sidecars=tuple(sorted(notes)),
        index=index,
    )
    contents.save(temporary)
    save(temporary, journal)
    return journal


def _moves(merges: Sequence[FileMerge]) -> tuple[dict[str, File | None], dict[str, File | None]]:
    """What is at the paths that change according to the merges, and what will be there."""
    expected: dict[str, File | None] = {}
    wanted: dict[str, File | None] = {}
    for merge in merges:
        if merge.result != merge.ours:
            expected[merge.path], wanted[merge.path] = merge.ours, merge.result
    kept = {merge.path for merge in merges if merge.result is not None}
    for merge in merges:
        if merge.source is not None and merge.source not in kept:
            wanted[merge.source] = None
    return expected, wanted


def _check_paths(expected: Mapping[str, File | None], wanted: Mapping[str, File | None]) -> None:
    for path in wanted:
        foreign = foreign_characters(path)
        if foreign or (why := escape_of(path)):
            why = "Windows has no such names" if foreign else why
            raise Refused(f"The template writes {path!a}, which is refused: {why}.", _REPORT, path=path)
        if above := [folder for folder in parents(path) if wanted.get(folder) and wanted[path]]:
            raise Refused(f"The template has both a file {above[0]} and a file {path}.", _REPORT)
    new = {path: file.link for path, file in wanted.items() if file is not None and expected.get(path) is None}
    refuse_faults(new, dict.fromkeys(new, "The template"))


_REPORT = "Please report this to the template's maintainers."


def _check_side(path: str, before: Side) -> None:
    if before.kind == "folder":
        raise Refused(f"{path} is a folder, but the template has a file there.", "Move it away.", paths=[path])
    if before.kind == "other":
        raise Refused(f"{path} is neither a file nor a link.", "Move it away.", paths=[path])
    if before.kind == "file" and not before.mode & 0o222:
        raise Refused(f"{path} is read-only.", "Make it writable, then run the command again.", paths=[path])


def _check_only(root: Path, folder: str, wanted: Mapping[str, File | None]) -> None:
    found = (Path(above, name) for above, _, names in os.walk(root / folder) for name in names)
    others = [path for path in (file.relative_to(root).as_posix() for file in found) if path not in wanted]
    if others:
        raise Refused(
            f"{folder} has to become a file, but that folder contains other files: {', '.join(sorted(others))}.",
            "Move them away.",
            paths=others,
        )


def _is(before: Side | None, content: bytes, file: File | None) -> bool:
    if before is None or file is None:
        return before is None and file is None
    return (before.kind == "link") == file.link and content == file.content


def _after(contents: Contents, before: Side | None, ours: File | None, file: File | None) -> Side | None:
    if file is None:
        return None
    if file.link:
        return contents.add("link", file.content, 0)
    if before is None or before.kind == "link":
        mode = (0o777 if file.executable else 0o666) & ~_umask()
    elif ours is not None and ours.executable != file.executable:
        # Whoever may read it may run it, or nobody may.
        mode = before.mode | (before.mode & 0o444) >> 2 if file.executable else before.mode & ~0o111
    else:
        mode = before.mode
    return contents.add("file", file.content, mode)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _is_missing(folder: Path) -> bool:
    return folder.is_symlink() or not folder.is_dir()


def _emptied(root: Path, wanted: Mapping[str, File | None]) -> dict[str, int]:
    """The folders that may be left empty by what is removed, with their modes."""
    needed = {folder for path, file in wanted.items() if file is not None for folder in parents(path)}
    left = {folder for path, file in wanted.items() if file is None for folder in parents(path)} - needed
    return {folder: _mode(root / folder) for folder in sorted(left) if not _is_missing(root / folder)}


def _mode(folder: Path) -> int:
    return folder.stat().st_mode & 0o7777


def ordered(paths: Mapping[str, File | None], notes: Sequence[str], last: str) -> list[str]:
    """The paths in the order in which they change; the empty one is Git's index.

    The index first, as Git needs room for it; what goes before what comes in its place; the answers file last.
    """
    first = sorted(paths.keys() - {last, *notes}, key=lambda path: (paths[path] is not None, path))
    return ["", *first, *notes, *([last] if last in paths else [])]
