"""The project as the update would leave it, as a copy in another folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.merge.model import File
from pyo3_kit.project.worktree import list_files
from pyo3_kit.update.planning import Plan


def copy_merged(plan: Plan, folder: Path) -> None:
    """Write into `folder` every file of the project that Git does not ignore, with the plan's changes made.

    `Refused` when the disk is full, or when conflict markers would be left in the copy. One Git process.
    """
    marked = [merge.path for merge in plan.files if merge.stages is not None]
    if marked:
        raise Refused(
            f"With conflict markers in {', '.join(marked)} the project cannot be built.",
            "Decide them with `--conflicts ours` or `--conflicts theirs`, or leave out `--verify`.",
        )
    changed: dict[str, File | None] = {}
    for merge in plan.files:
        if merge.source is not None:
            changed[merge.source] = None
        changed[merge.path] = merge.result
    try:
        for path in list_files(plan.project, "--cached", "--others", "--exclude-standard"):
            source = plan.project.root / path
            if path in changed or source.is_dir() or not os.path.lexists(source):
                continue
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / path, follow_symlinks=False)
        for path, file in changed.items():
            if file is not None:
                _write(folder / path, file)
    except OSError as error:
        raise from_os_error(error, "copying the project") from error


def _write(path: Path, file: File) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if file.link:
        path.symlink_to(os.fsdecode(file.content))
        return
    path.write_bytes(file.content)
    if file.executable:
        path.chmod(0o755)
