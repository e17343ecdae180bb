"""Finds the files of a project that are its own: not ignored by Git, not built, vendored or generated.

Files that cannot be read are reported in one line each.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyo3_kit.audit.generated import GeneratedPatterns, is_generated, read_attributes
from pyo3_kit.audit.model import Notice
from pyo3_kit.audit.patterns import is_pattern
from pyo3_kit.audit.project import wanted
from pyo3_kit.rust.bounds import excess
from pyo3_kit.system.reading import RECORD, read_bytes, read_text

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

LARGEST = 1_000_000
"""Bytes of a file above which it is not checked: such a file was written by a program."""

_DEEPEST = 100
"""Folders in each other."""

_VENDORED = frozenset({"node_modules", "site-packages", "third-party", "third_party", "vendor", "vendored"})
_HIDDEN_ENTERED = frozenset({".cargo", ".github"})
_MARKS = frozenset({"CACHEDIR.TAG", "pyvenv.cfg"})
_BOM = "\ufeff"


@dataclass
class Files:
    """What was found, by path relative to the root, with slashes."""

    rust: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    stubs: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    """Rust files, those too that cannot be read or were generated: cargo builds them all."""
    generated: dict[str, str] = field(default_factory=dict)
    """Rust files that a program wrote: they are read for facts, and nothing is reported in them."""
    generated_settings: set[str] = field(default_factory=set)
    """Files in `others` that a program wrote."""
    links: dict[str, str] = field(default_factory=dict)
    """Other names of files in the project, each with the name that it is reported under."""
    notices: list[Notice] = field(default_factory=list)

    def replace(self, path: str, text: str) -> None:
        """Put a new text in the place of a file's, by all its names."""
        for name in (path, *(other for other, meant in self.links.items() if meant == path)):
            for texts in (self.rust, self.others):
                if name in texts:
                    texts[name] = text


def collect(root: Path, exclude: Iterable[str] = (), *, also: tuple[str, ...] = ()) -> Files:
    """Read what is to be checked below `root`, and files with the endings `also`.

    `exclude` are patterns as in `.gitignore`.
    """
    found = Files()
    specs = _specs(exclude)
    marks: list[GeneratedPatterns] = []
    names: dict[tuple[int, int], str] = {}
    for path, entry in _walk(root, "", specs, found, (".rs", ".pyi", *also), marks):
        if path.endswith(".pyi"):
            found.stubs.append(path)
        else:
            if path.endswith(".rs"):
                found.sources.append(path)
            text = _read(path, entry, found.notices)
            if text is None:
                continue
            _note_link(root, path, entry, found, names)
            if wanted(path) or (also and path.endswith(also)):
                found.others[path] = text
                if path.endswith(".toml") and is_generated(text):
                    found.generated_settings.add(path)
            if not path.endswith(".rs"):
                continue
            if reason := excess(text):
                found.notices.append(Notice(path, f"{reason}; not checked"))
            elif _is_marked(path, marks, is_generated(text)):
                found.notices.append(Notice(path, "is generated; not checked"))
                found.generated[path] = text
            else:
                found.rust[path] = text
    return found


def _specs(exclude: Iterable[str]) -> list[tuple[str, GitIgnoreSpec]]:
    patterns = list(exclude)
    if not patterns:
        return []
    from pathspec import GitIgnoreSpec

    return [("", GitIgnoreSpec.from_lines(patterns))]


def _walk(
    root: Path,
    folder: str,
    specs: list[tuple[str, GitIgnoreSpec]],
    found: Files,
    endings: tuple[str, ...],
    marks: list[GeneratedPatterns],
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        with os.scandir(root / folder if folder else root) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError as error:
        found.notices.append(Notice(folder or ".", f"cannot be read: {error.strerror}"))
        return
    names = {entry.name for entry in entries}
    if folder and names & _MARKS:
        return
    if ".gitignore" in names:
        specs = [*specs, *_gitignore(root, folder)]
    if ".gitattributes" in names and (read := read_attributes(folder, _text_of(root / folder / ".gitattributes"))):
        marks.append(read)
    prefix = f"{folder}/" if folder else ""
    if prefix.count("/") > _DEEPEST:
        found.notices.append(Notice(folder, "is nested too deeply; not checked"))
        return
    for entry in entries:
        path = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            if not _skipped(entry.name, names) and not _ignored(f"{path}/", specs):
                yield from _walk(root, path, specs, found, endings, marks)
        elif entry.is_symlink() and _leads_to_folder(entry):
            _tell_link(root, path, found)
        elif (path.endswith(endings) or wanted(path)) and not _ignored(path, specs):
            yield path, entry


def _skipped(name: str, beside: set[str]) -> bool:
    """Whether a folder never belongs to the project, judging by its name and the files next to it."""
    if name.startswith("."):
        return name not in _HIDDEN_ENTERED
    return name in _VENDORED or name == "__pycache__" or (name == "target" and "Cargo.toml" in beside)


def _gitignore(root: Path, folder: str) -> list[tuple[str, GitIgnoreSpec]]:
    from pathspec import GitIgnoreSpec

    lines = _text_of(root / folder / ".gitignore").splitlines()
    # A line that Git itself would not understand ignores nothing.
    return [(f"{folder}/" if folder else "", GitIgnoreSpec.from_lines(filter(is_pattern, lines)))]


def _text_of(path: Path) -> str:
    """The text of a file; "" if it cannot be read."""
    try:
        return read_text(path, errors="replace")
    except OSError:
        return ""


def _is_marked(path: str, marks: list[GeneratedPatterns], said: bool) -> bool:
    """Whether a file is generated: by the deepest `.gitattributes` that mentions it, else by its own comment."""
    for one in reversed(marks):
        answer = one.says(path) if path.startswith(one.prefix) else None
        if answer is not None:
            return answer
    return said


def _note_link(root: Path, path: str, entry: os.DirEntry[str], found: Files, names: dict[tuple[int, int], str]) -> None:
    """Note the name under which a file is reported, where it has several."""
    state = entry.stat()
    if entry.is_symlink():
        real = Path(entry.path).resolve()
        base = root.resolve()
        if real.is_relative_to(base):
            found.links[path] = real.relative_to(base).as_posix()
    elif state.st_nlink > 1 and state.st_ino:
        first = names.setdefault((state.st_dev, state.st_ino), path)
        if first != path:
            found.links[path] = first


def _ignored(path: str, specs: list[tuple[str, GitIgnoreSpec]]) -> bool:
    """Whether the last matching pattern, in the deepest file that has one, ignores the path."""
    for prefix, spec in reversed(specs):
        said = spec.check_file(path[len(prefix) :]).include
        if said is not None:
            return said
    return False


def _leads_to_folder(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError:
        # A cyclic link, reported when it is read.
        return False


def _tell_link(root: Path, path: str, found: Files) -> None:
    link = root / path
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        found.notices.append(Notice(path, "is a broken symbolic link; not followed"))
        return
    if link.parent.resolve().is_relative_to(target):
        found.notices.append(Notice(path, "is a link to a parent folder; not followed"))
    elif not target.is_relative_to(root.resolve()):
        found.notices.append(Notice(path, "is a link out of the project; not followed"))


def _read(path: str, entry: os.DirEntry[str], notices: list[Notice]) -> str | None:
    try:
        state = entry.stat()
        if not stat.S_ISREG(state.st_mode):
            notices.append(Notice(path, "is not a regular file; not checked"))
            return None
        limit = RECORD if path.endswith(".lock") else LARGEST
        if state.st_size > limit:
            size = f"{state.st_size / 1e6:.1f} MB, limit {limit // 1_000_000} MB"
            notices.append(Notice(path, f"is too large ({size}); not checked"))
            return None
        data = read_bytes(Path(entry.path), limit)
    except OSError as error:
        reason = "is a broken symbolic link" if entry.is_symlink() else f"cannot be read: {error.strerror}"
        notices.append(Notice(path, f"{reason}; not checked"))
        return None
    try:
        return data.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        notices.append(Notice(path, "is not UTF-8; not checked", line))
        return None
