"""Files on the disk as the merge knows them."""

from __future__ import annotations

import os
from pathlib import Path

from pyo3_kit.merge.model import File
from pyo3_kit.system.reading import read_bytes


def read_tree(folder: Path) -> dict[str, File]:
    """Every file below `folder`, without following links."""
    found = {}
    for parent, folders, files in os.walk(folder):
        inside = Path(parent)
        links = [name for name in folders if (inside / name).is_symlink()]
        for name in files + links:
            path = inside / name
            found[path.relative_to(folder).as_posix()] = read_file(path)
    return found


def read_file(path: Path) -> File:
    """One file with its mode, or a link with its target; raises `OSError`."""
    if path.is_symlink():
        return File(os.fsencode(path.readlink()), link=True)
    executable = os.name != "nt" and bool(path.stat().st_mode & 0o100)
    return File(read_bytes(path), executable)
