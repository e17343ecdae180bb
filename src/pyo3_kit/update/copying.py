"""The project as the update would leave it, as a copy in another folder."""

from __future__ import annotations

from pathlib import Path

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.merge.model import File
from pyo3_kit.project.files import put_file, read_file
from pyo3_kit.project.worktree import list_files
from pyo3_kit.system.writing import Root
from pyo3_kit.update.planning import Plan


def copy_merged(plan: Plan, folder: Path) -> None:
    """Write into `folder` every file of the project that Git does not ignore, with the plan's changes made.

    `Refused` when the disk is full, or when conflict markers would be left in the copy. One Git process.
    """
    marked = [merge.path for merge in plan.files if merge.stages is not None]
    if marked:
        raise Refused(
            f"The project cannot be built: there are conflict markers in {', '.join(marked)}.",
            "Decide them with `--conflicts ours` or `--conflicts theirs`, or leave out `--verify`.",
        )
    changed: dict[str, File | None] = {}
    for merge in plan.files:
        if merge.source is not None:
            changed[merge.source] = None
        changed[merge.path] = merge.result
    try:
        with Root(folder) as root:
            for path in list_files(plan.project, "--cached", "--others", "--exclude-standard"):
                source = plan.project.root / path
                if path not in changed and (source.is_symlink() or source.is_file()):
                    put_file(root, path, read_file(source))
            for path, file in changed.items():
                if file is not None:
                    put_file(root, path, file)
    except OSError as error:
        raise from_os_error(error, "copying the project") from error
