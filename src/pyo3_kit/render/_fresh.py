"""Render into a folder that does not exist yet, without asking the disk about every path again and again.

Copier looks at the destination of each path several times, and renders all parts of all paths with a context of their
own. Where nothing can be at the destination, and the template has neither links nor `yield`, all paths are computed
first. Whatever is unusual about them is left to Copier, before anything is written. The test suite compares the
results.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath

from jinja2 import TemplateError

from pyo3_kit.system.names import escape_of
from pyo3_kit.system.own_files import write_own_files


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder or a file of the template: its path without the suffix of templates, and where it is.

    `content` is that of a file that is copied; None for folders and for files that are rendered.
    """

    parts: tuple[str, ...]
    source: str
    is_folder: bool
    is_template: bool
    content: bytes | None
    mode: int


@dataclass(frozen=True, slots=True)
class Paths:
    """What Copier computes of a template's paths: parts by `render_part`, and which paths are left out."""

    render_part: Callable[[str], str]
    is_excluded: Callable[[Path], bool]
    answers_file: str
    root: Path
    suffix: str


def list_entries(root: Path, top: Path, suffix: str) -> list[Entry] | None:
    """What is below `top` in the template at `root`, in Copier's order; None if there is anything unusual."""
    entries: list[Entry] = []
    folders = [os.scandir(top)]
    while folders:
        item = next(folders[-1], None)
        if item is None:
            folders.pop().close()
            continue
        path = Path(item.path)
        name = path.relative_to(top)
        is_folder = item.is_dir(follow_symlinks=False)
        if item.is_symlink() or "yield" in item.name or not (is_folder or item.is_file()):
            return None
        is_template = item.name.endswith(suffix)
        if is_folder:
            folders.append(os.scandir(item.path))
        if is_template or not Path(f"{item.path}{suffix}").exists():
            parts = (name.with_suffix("") if is_template else name).parts
            content = None if is_folder or is_template else path.read_bytes()
            source = path.relative_to(root).as_posix()
            entries.append(Entry(parts, source, is_folder, is_template, content, item.stat().st_mode))
    return entries


def place_entries(entries: list[Entry], paths: Paths) -> dict[str, Entry] | None:
    """Where each entry goes, in order; None if two meet at one path, a path leads out, or a part cannot be rendered."""
    placed: dict[str, Entry] = {}
    render_part = cache(paths.render_part)
    try:
        for entry in entries:
            path = _place(entry, paths, render_part)
            if path is None or paths.is_excluded(Path(path)):
                continue
            if path != "." and escape_of(path):
                return None
            if path in placed and not (entry.is_folder and placed[path].is_folder):
                return None
            placed[path] = entry
    except TemplateError:
        return None
    files = {path for path, entry in placed.items() if not entry.is_folder}
    above = {path[:at] for path in placed for at, sign in enumerate(path) if sign == "/"}
    return None if files & above else placed


def _place(entry: Entry, paths: Paths, render_part: Callable[[str], str]) -> str | None:
    """The path of an entry; None if a part of it is empty."""
    rendered: list[str] = []
    for part in entry.parts:
        text = render_part(part)
        if not text:
            return None
        if text == paths.answers_file:
            return text
        rendered.append(text)
    path = PurePath(*rendered).as_posix()
    if not entry.is_template and os.path.exists(f"{paths.root}/{path}{paths.suffix}"):  # noqa: PTH110
        return None
    return path


def write_entries(root: Path, placed: dict[str, Entry], render: Callable[[str], bytes]) -> None:
    """Write all of them below `root`, a new folder; `render` gives the content of a file of the template."""
    write_own_files(root, ((path, _content(entry, render), entry.mode & 0o7777) for path, entry in placed.items()))


def _content(entry: Entry, render: Callable[[str], bytes]) -> bytes | None:
    if entry.is_folder:
        return None
    return render(entry.source) if entry.content is None else entry.content
