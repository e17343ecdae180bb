"""Writing what is this program's or the user's own: temporary folders, caches, and files that an option names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path

from pyo3_kit.system.writing import Root


def make_own_folder(folder: Path) -> None:
    """Make a folder that is this program's, or that the user named, with what is missing above it."""
    folder.mkdir(parents=True, exist_ok=True)


def remove_own_tree(folder: Path) -> None:
    """Remove a folder of this program's with everything in it, as far as the system lets us."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def move_own(path: Path, other: Path) -> None:
    """Give a file or a folder of this program's another name, where nothing is or what may be replaced."""
    path.replace(other)


def write_own_files(root: Path, files: Iterable[tuple[str, bytes | None, int]]) -> None:
    """Write files with their modes below a new folder of this program's; a content of None makes a folder."""
    made: set[str] = set()
    for path, content, mode in files:
        target = f"{root}/{path}"
        # A `Path` for each takes longer than to write it.
        folder = target if content is None else os.path.dirname(target)  # noqa: PTH120
        if folder not in made:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            made.add(folder)
        if content is not None:
            with open(target, "wb") as file:  # noqa: PTH123
                file.write(content)
            os.chmod(target, mode)  # noqa: PTH101


def make_temporary_folder(parent: Path | None, prefix: str) -> Path:
    """Make a folder that only the user may enter, in `parent` or where the system has such."""
    import tempfile

    return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A private folder for as long as the context lasts, where the system has such."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="pyo3-kit-") as folder:
        yield Path(folder)


def append_to(path: Path) -> RawIOBase:
    """A file of this program's, open for adding to its end; to be closed by the caller.

    Nothing is kept back, so that closing it cannot fail on a full disk.
    """
    return path.open("ab", buffering=0)


def write_named_file(path: Path, content: bytes) -> None:
    """Write a file that the user named in an option, at once: it may be anywhere.

    A link in its place is replaced, for it may be a stranger's. Devices are written to. `Linked` when a relative path
    leads through a link, `OSError` as the system has it.
    """
    if path.is_absolute():
        if path.parts[1:2] in (("dev",), ("proc",)):
            path.write_bytes(content)
            return
        root, name = path.parent, path.name
    else:
        root, name = Path.cwd(), os.path.normpath(path).replace(os.sep, "/")
        while name.startswith("../"):
            root, name = root.parent, name[3:]
    with Root(root) as opened:
        opened.write(name, content)
