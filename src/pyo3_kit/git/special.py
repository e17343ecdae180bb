"""Files that Git reads by itself, refused where reading them would not end: Git opens named pipes and devices."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from pyo3_kit.errors import Refused

_OWN = (
    "HEAD",
    "config",
    "config.worktree",
    "index",
    "packed-refs",
    "shallow",
    "commondir",
    "info/exclude",
    "info/attributes",
    "objects/info/alternates",
)
_IN_FOLDERS = (".gitattributes", ".gitignore")


def refuse_special(folder: Path, top: Path, paths: Iterable[str] = ()) -> None:
    """`Refused` when Git, started in `folder` of the repository at `top`, would wait for a pipe or read a device.

    Looked at are its own files, and the settings in the folders above `folder` and above `paths`, which are relative
    to it.
    """
    for path in _read_by_git(folder, top, paths):
        try:
            # Git follows links to its own files, and none to those of a folder.
            state = path.stat() if ".git" in path.parts[len(top.parts) :] else path.lstat()
        except (OSError, ValueError):
            continue
        mode = state.st_mode
        if stat.S_ISFIFO(mode) or ((stat.S_ISCHR(mode) or stat.S_ISBLK(mode)) and not _is_null(path)):
            what = "a named pipe" if stat.S_ISFIFO(mode) else "a device"
            raise Refused(f"{path} is {what}, and Git would read it without end.", "Replace or remove it.")


def _read_by_git(folder: Path, top: Path, paths: Iterable[str]) -> Iterator[Path]:
    yield top / ".git"
    yield from (top / ".git" / name for name in _OWN)
    folders = {folder, *folder.parents} | {folder / above for path in paths for above in PurePosixPath(path).parents}
    yield from (inner / name for inner in sorted(folders) if inner.is_relative_to(top) for name in _IN_FOLDERS)


def _is_null(path: Path) -> bool:
    return os.path.realpath(path) == os.devnull
