"""What an update is about to do, written down before it does it, so that a kill at any point loses nothing.

What is known of a project's update stands in a folder of its own in the repository's Git directory,
`pyo3-kit/<digest of the project's path in it>/`. One of these is in it at a time:

- `preparing-<pid>`: being written; nothing in the project was touched yet.
- `journal`: decided. The project is to be brought forward or back.
- `conflicts`: everything is in its place, and a person has places to decide; kept so that all can still be undone.
- `done-<pid>`: of no use any more, and being removed.

The first two are one folder under two names: a rename is what decides. It holds `contents`, the old and the new
contents of all files one after the other, and `journal.json`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.transaction.place import Place as Place

JOURNAL = "journal"
CONFLICTS = "conflicts"
PREPARING = "preparing-"
DONE = "done-"

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class State:
    """What is known of an update that is not over.

    `interrupted`: it was ended half-way, to be taken up by `resume` or undone by `abort`. `conflicts`: it is done, and
    the files named in `files` hold places to decide, until `finish` or `abort`. `meta` is what `apply` was given.
    """

    kind: Literal["interrupted", "conflicts"]
    meta: Mapping[str, Any]
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """What stands at a path: a `file`, a `link` (its content is its target) or a `folder`.

    `start` and `length` are where the content stands in the journal's `contents`.
    """

    kind: str
    digest: str
    mode: int
    start: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One move: `path` goes from `before` to `after`, None being nothing. The empty path is Git's index."""

    path: str
    before: Side | None = None
    after: Side | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """What `git update-index --index-info` reads to show the conflicts, or to bring back the entries before them.

    `flags` names, by option of `git update-index`, the paths whose entries had that flag.
    """

    before: str
    after: str
    flags: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Journal:
    """All that bringing the project forward or back needs, in the order of its going forward.

    `made` are the folders that do not exist before, `emptied` those that may be left empty, with their modes;
    `conflicts` the files that hold places to decide, `marked` those of them that hold markers, each with the lines like
    markers that are its own; `sidecars` the files that say what there is to decide.
    """

    token: str
    steps: tuple[Step, ...]
    meta: Mapping[str, Any]
    made: tuple[str, ...] = ()
    emptied: Mapping[str, int] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    marked: Mapping[str, list[str]] = field(default_factory=dict)
    sidecars: tuple[str, ...] = ()
    index: Index | None = None


def state(place: Place) -> State | None:
    """What is known of the project's unfinished update; None when there is none. Writes nothing.

    Raises:
        Failed: what is known of it cannot be read.
        Refused: another version of pyo3-kit wrote it.
    """
    folder = place.folder
    if (journal := _load(folder / JOURNAL)) is not None:
        return State("interrupted", journal.meta, journal.conflicts)
    if (journal := _load(folder / CONFLICTS)) is not None:
        return State("conflicts", journal.meta, journal.conflicts)
    return None


def load(folder: Path) -> Journal | None:
    """The journal in `folder`; None when there is none. Raises what `state` raises."""
    return _load(folder)


def save(folder: Path, journal: Journal) -> None:
    """Write the journal into `folder`, and see that it is on the disk with what else is in there."""
    text = json.dumps({"format": _FORMAT, **asdict(journal)}, ensure_ascii=True)
    write_new(folder / "journal.json", text.encode("ascii"))
    sync([folder])


def content(folder: Path, side: Side) -> bytes:
    """What the journal in `folder` keeps of `side`. `Failed` when that is not what was written."""
    with (folder / "contents").open("rb") as file:
        file.seek(side.start)
        kept = file.read(side.length)
    if digest(kept) != side.digest:
        raise _damaged(folder)
    return kept


def digest(kept: bytes) -> str:
    """What tells contents apart."""
    return sha256(kept).hexdigest()


def write_new(path: Path | str, kept: bytes, mode: int = 0o666, *, flush: bool = True) -> None:
    """Write a file that does not exist yet, and see that it is on the disk, unless that is left to `sync`."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    number = os.open(path, flags, mode)
    try:
        rest = memoryview(kept)
        while rest:
            rest = rest[os.write(number, rest) :]
        if flush:
            os.fsync(number)
    finally:
        os.close(number)


def sync(paths: Sequence[Path]) -> None:
    """See that files, and the names in folders, are on the disk: all at once, which takes the time of one."""
    if len(paths) < 2:
        for path in paths:
            _sync(path)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(16, len(paths))) as pool:
        for _ in pool.map(_sync, paths):
            pass


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    # Windows flushes only what is open for writing, other systems whatever is open.
    number = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0) if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


class Contents:
    """The contents of a journal's sides, gathered; `save` writes them into the journal's folder."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._places: dict[str, int] = {}
        self._end = 0

    def add(self, kind: str, kept: bytes, mode: int) -> Side:
        """The side that says where `kept` will be found."""
        name = digest(kept)
        if name not in self._places:
            self._places[name] = self._end
            self._pieces.append(kept)
            self._end += len(kept)
        return Side(kind, name, mode, self._places[name], len(kept))

    def save(self, folder: Path) -> None:
        """Write all of them."""
        write_new(folder / "contents", b"".join(self._pieces))


def _load(folder: Path) -> Journal | None:
    try:
        text = (folder / "journal.json").read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        record = json.loads(text)
        written = record.pop("format")
        if written != _FORMAT:
            raise Refused(
                f"Another version of pyo3-kit began the update that {folder} tells of.", "Go on with that version."
            )
        index = record.pop("index")
        steps = [Step(step["path"], _side(step["before"]), _side(step["after"])) for step in record.pop("steps")]
        return Journal(
            steps=tuple(steps),
            index=Index(**index) if index else None,
            made=tuple(record.pop("made")),
            conflicts=tuple(record.pop("conflicts")),
            sidecars=tuple(record.pop("sidecars")),
            **record,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder) from error


def _side(record: dict[str, Any] | None) -> Side | None:
    return Side(**record) if record else None


def _damaged(folder: Path) -> Failed:
    return Failed(
        f"What is known of the interrupted update is damaged: {folder}.",
        "Bring the project back by Git (`git status` shows what changed), then remove that folder.",
    )


def parents(path: str) -> Iterable[str]:
    """The folders that `path` stands in, outermost first, without the project's own."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]
