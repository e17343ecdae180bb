"""Conflicts that are left for the user: beside the files, in Git's index, and as markers in texts."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from pyo3_kit.errors import Failed
from pyo3_kit.git.run import INDEX, GitFailed, run_git
from pyo3_kit.merge.model import Conflict, File, FileMerge, Labels
from pyo3_kit.system.writing import Root
from pyo3_kit.transaction.journal import Place
from pyo3_kit.transaction.record import FLAGS, NOTES, Index

_MARKER = re.compile(rb"^(?:[<|>]{7} [^\r\n]*|={7})(?=\r?$)", re.MULTILINE)
_LANGUAGES = {".toml": "toml", ".yml": "yaml", ".yaml": "yaml"}
# Command lines end at 32,767 characters on Windows.
_PATHS_AT_ONCE = 100


def is_marked(merge: FileMerge) -> bool:
    """Whether the file's text will hold conflict markers."""
    return merge.stages is not None or any(conflict.line is not None for conflict in merge.conflicts)


def sidecars(merges: Iterable[FileMerge], labels: Labels) -> dict[str, bytes]:
    """The files that describe conflicts without markers, by their path in the project."""
    found = {}
    for merge in merges:
        apart = [conflict for conflict in merge.conflicts if conflict.line is None]
        if apart:
            found[f"{NOTES}/{merge.path}.md"] = _sidecar(merge.path, apart, labels).encode(errors="replace")
    return found


def is_sidecar(content: bytes) -> bool:
    """Whether a file's content is that of a sidecar, so that another may take its place."""
    return content.startswith(b"# To decide in ")


def _sidecar(path: str, conflicts: Sequence[Conflict], labels: Labels) -> str:
    language = _LANGUAGES.get(PurePosixPath(path).suffix, "text")
    parts = [
        f"# To decide in `{path}`\n",
        "You and the template changed the same thing in different ways, and your version was kept. Keep it, "
        "or change it. Then run `pyo3-kit update --continue`, which removes this file; "
        "`pyo3-kit update --abort` undoes the whole update.\n",
    ]
    for conflict in conflicts:
        parts.append(f"## {f'`{conflict.key}`' if conflict.key else 'The whole file'}\n")
        sides = ((labels.ours, conflict.ours), (labels.base, conflict.base), (labels.theirs, conflict.theirs))
        for label, value in sides:
            name = label[:1].upper() + label[1:]
            parts.append(f"{name}: nothing\n" if value is None else f"{name}:\n\n{_fenced(value, language)}\n")
    return "\n".join(parts)


def _fenced(value: str, language: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", value)), default=0))
    return f"{fence}{language}\n{value.strip(chr(10))}\n{fence}"


def marker_lines(content: bytes) -> set[str]:
    """The lines of a text that look like conflict markers."""
    return {line.decode(errors="replace") for line in _MARKER.findall(content)}


def own_markers(merge: FileMerge) -> list[str]:
    """Lines that look like markers but are part of one of the three sides, so they do not mark a conflict."""
    sides = (*(merge.stages or ()), merge.ours)
    return sorted(set().union(*(marker_lines(side.content) for side in sides if side is not None)))


def index_of(place: Place, merges: Sequence[FileMerge], temporary: Root) -> Index | None:
    """What Git's index is to hold for texts with markers, so that `git status` and merge tools know of them.

    Stores the three sides of each as objects, by files in `temporary`; the index is only read. None when there
    is nothing to show. `Refused` or `Failed` when Git cannot do it.
    """
    staged = [merge for merge in merges if merge.stages is not None]
    if not staged:
        return None
    paths = [place.in_repository(merge.path) for merge in staged]
    entries = _entries(place, [merge.path for merge in staged], set(paths))
    texts: list[tuple[str, int, File]] = []
    for path, merge in zip(paths, staged, strict=True):
        lf = any(entry.ending == "i/lf" for entry in entries if entry.path == path)
        for number, side in enumerate(merge.stages or (), 1):
            if side is not None:
                # Git stores what it converts on checkout with LF; other blobs would change the endings of what is
                # added later.
                content = side.content.replace(b"\r\n", b"\n") if lf and not side.link else side.content
                texts.append((path, number, File(content, side.executable, side.link)))
    names = _stored(place, [file.content for _, _, file in texts], temporary)
    zeros = "0" * len(names[0]) if names else "0" * 40
    nothing = [f"0 {zeros}\t{path}" for path in paths]
    after = [f"{_mode(file)} {name} {number}\t{path}" for (path, number, file), name in zip(texts, names, strict=True)]
    before = [f"{entry.mode} {entry.name} {entry.stage}\t{entry.path}" for entry in entries]
    flags: dict[str, list[str]] = {}
    for entry in entries:
        for letter, option in FLAGS.items():
            if entry.tag == letter:
                flags.setdefault(option, []).append(entry.path)
    return Index(_records([*nothing, *before]), _records([*nothing, *after]), flags)


def set_index(place: Place, index: Index, *, back: bool) -> None:
    """Apply or undo the changes of the index; can safely be repeated. `Refused` or `Failed` as Git says."""
    _patiently(place.root, ["update-index", "-z", "--index-info"], index.before if back else index.after)
    if back:
        for option, paths in index.flags.items():
            _patiently(_top(place), ["update-index", option, "-z", "--stdin"], _records(paths))


class _Entry:
    def __init__(self, line: str) -> None:
        words, ending, self.path = line.split("\t", 2)
        self.tag, self.mode, self.name, self.stage = words.split(" ")
        self.ending = ending.split(" ", 1)[0]


def _entries(place: Place, paths: Sequence[str], wanted: set[str]) -> list[_Entry]:
    found = []
    for start in range(0, len(paths), _PATHS_AT_ONCE):
        command = ["--literal-pathspecs", "ls-files", "-z", "-v", "--stage", "--eol", "--full-name", "--"]
        listed = _git(place.root, [*command, *paths[start : start + _PATHS_AT_ONCE]])
        found += [_Entry(line) for line in listed.split("\0") if line]
    return [entry for entry in found if entry.path in wanted]


def _stored(place: Place, contents: Sequence[bytes], temporary: Root) -> list[str]:
    temporary.make_folder("stages")
    for number, content in enumerate(contents):
        temporary.write_new(f"stages/{number}", content)
    names = "".join(f"{number}\n" for number in range(len(contents)))
    command = [f"--git-dir={place.git_dir.resolve()}", "hash-object", "-w", "--no-filters", "--stdin-paths"]
    stored = _git(temporary.folder / "stages", command, names).split()
    for number in range(len(contents)):
        temporary.remove(f"stages/{number}")
    temporary.remove_folder("stages")
    return stored


def _records(lines: Iterable[str]) -> str:
    return "".join(f"{line}\0" for line in lines)


def _mode(file: File) -> str:
    return "120000" if file.link else "100755" if file.executable else "100644"


def _top(place: Place) -> Path:
    prefix = place.prefix.strip("/")
    return place.root.joinpath(*[".." for _ in prefix.split("/")]) if prefix else place.root


def _patiently(folder: Path, arguments: Sequence[str], given: str) -> None:
    # Editors run Git all the time, and it locks the index for a moment.
    for _ in range(10):
        try:
            _git(folder, arguments, given)
            return
        except _Locked:
            time.sleep(0.1)
    _git(folder, arguments, given)


class _Locked(Failed):
    def __init__(self) -> None:
        super().__init__(
            "Git's index is locked by another Git command.",
            "Wait until it is done; when none is running, remove the file `index.lock` in the Git directory.",
        )


def _git(folder: Path, arguments: Sequence[str], given: str = "") -> str:
    try:
        return os.fsdecode(run_git(INDEX, *arguments, folder=folder, given=os.fsencode(given)))
    except GitFailed as error:
        if "index.lock" in error.said:
            raise _Locked from error
        raise Failed(
            f"Git could not record the conflicts in its index: {error.last}", "Check the repository with `git fsck`."
        ) from error
