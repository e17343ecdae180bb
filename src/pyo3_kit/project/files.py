"""Files on the disk as the merge knows them: read, and put into a folder of this program's."""

from __future__ import annotations

import os
from pathlib import Path

from pyo3_kit.merge.model import File, Tree
from pyo3_kit.system.platforms import is_executable, link_content
from pyo3_kit.system.reading import read_bytes, walk_files
from pyo3_kit.system.writing import Root


def read_tree(folder: Path) -> dict[str, File]:
    """Every file below `folder`, without following links."""
    return {path: read_file(Path(entry.path), link=entry.is_symlink()) for path, entry in walk_files(folder)}


def read_file(path: Path, *, link: bool | None = None) -> File:
    """One file with its mode, or a link with its target; raises `OSError`. `link`: whether it is one, if known."""
    if path.is_symlink() if link is None else link:
        return File(link_content(str(path.readlink())), link=True)
    return File(read_bytes(path), is_executable(path.stat().st_mode))


def put_tree(root: Root, tree: Tree) -> None:
    """Write every file of a tree, none of which is there yet; raises what `Root` raises."""
    for path, file in tree.items():
        put_file(root, path, file)


def put_file(root: Root, path: str, file: File) -> None:
    """Write a file that is not there yet, or a link, and make the folders above it; raises what `Root` raises."""
    root.make_parents(path)
    if file.link:
        root.make_link(path, os.fsdecode(file.content))
    else:
        root.write_new(path, file.content, 0o777 if file.executable else 0o666)


def write_into(folder: Path, path: str, content: bytes) -> None:
    """Write a file below a folder of this program's, in the place of what is there; raises what `Root` raises."""
    with Root(folder) as root:
        root.make_parents(path)
        root.write(path, content)
