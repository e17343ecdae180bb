"""A list of files as an indented tree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Entry(NamedTuple):
    """One file of a rendered project: its path with forward slashes, and its size in bytes."""

    path: str
    size: int


class _Folder:
    def __init__(self) -> None:
        self.folders: dict[str, _Folder] = {}
        self.files: list[Entry] = []


def draw(entries: Iterable[Entry], top: str) -> list[str]:
    """Format the tree below a folder named `top`, folders first, each file with its size."""
    root = _Folder()
    for path, size in sorted(entries):
        *parents, name = path.split("/")
        folder = root
        for parent in parents:
            folder = folder.folders.setdefault(parent, _Folder())
        folder.files.append(Entry(name, size))
    drawn = list(_draw(root, ""))
    width = max((len(text) for text, size in drawn if size is not None), default=0)
    return [f"{top}/", *(text if size is None else f"{text:<{width}}  {format_size(size):>8}" for text, size in drawn)]


def summary(entries: Iterable[Entry]) -> str:
    """The number of files and their size together."""
    listed = list(entries)
    files = "file" if len(listed) == 1 else "files"
    return f"{len(listed)} {files}, {format_size(sum(entry.size for entry in listed))}"


def format_size(size: int) -> str:
    """Format a size in bytes for display."""
    return f"{size} B" if size < 1000 else f"{size / 1000:.1f} kB"


def _draw(folder: _Folder, indent: str) -> Iterable[tuple[str, int | None]]:
    left = len(folder.folders) + len(folder.files)
    for name, inner in folder.folders.items():
        left -= 1
        yield f"{indent}{'├── ' if left else '└── '}{name}/", None
        yield from _draw(inner, indent + ("│   " if left else "    "))
    for name, size in folder.files:
        left -= 1
        yield f"{indent}{'├── ' if left else '└── '}{name}", size
