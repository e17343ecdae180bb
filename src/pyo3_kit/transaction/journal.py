"""The journal of an update: what it will do, recorded before it starts, so that a kill at any point loses nothing.

The state of a project's update is kept in a folder of its own in the repository's Git directory,
`pyo3-kit/<digest of the project's path in it>/`. One of these is in it at a time:

- `preparing-<pid>`: being written; nothing in the project was touched yet.
- `journal`: decided. The project is to be brought forward or back.
- `conflicts`: all files are written, and conflicts are left; kept so that everything can still be undone.
- `done-<pid>`: of no use any more, and being removed.

The first two are one folder under two names: a rename is what decides. It holds `contents`, the old and the new
contents of all files one after the other, and `journal.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.system.platforms import flush_to_disk
from pyo3_kit.system.writing import Root
from pyo3_kit.transaction.checking import fault_of_journal
from pyo3_kit.transaction.place import Place as Place
from pyo3_kit.transaction.record import Index, Journal, Side, Step

JOURNAL = "journal"
CONFLICTS = "conflicts"
PREPARING = "preparing-"
DONE = "done-"

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class State:
    """The state of an unfinished update.

    `interrupted`: it was stopped half-way; `resume` continues it, `abort` undoes it. `conflicts`: it is done, and
    the files in `files` have conflicts, until `finish` or `abort`. `meta` is what `apply` was given.
    """

    kind: Literal["interrupted", "conflicts"]
    meta: Mapping[str, Any]
    files: tuple[str, ...] = ()


def state(place: Place) -> State | None:
    """The state of the project's unfinished update; None when there is none. Writes nothing.

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


def save(folder: Root, journal: Journal) -> None:
    """Write the journal into `folder`, and flush it to the disk with the folder's other files."""
    text = json.dumps({"format": _FORMAT, **asdict(journal)}, ensure_ascii=True)
    folder.write_new("journal.json", text.encode("ascii"), flush=True)
    sync([folder.folder])


def content(folder: Path, side: Side) -> bytes:
    """What the journal in `folder` keeps of `side`. `Failed` when that is not what was written."""
    with Root(folder) as root, root.open_file("contents") as file:
        file.seek(side.start)
        kept = file.read(side.length)
    if digest(kept) != side.digest:
        raise _damaged(folder)
    return kept


def digest(kept: bytes) -> str:
    """A digest that identifies a content."""
    return sha256(kept).hexdigest()


def sync(paths: Sequence[Path]) -> None:
    """Flush files and folders to the disk, in parallel."""
    if len(paths) < 2:
        for path in paths:
            flush_to_disk(path)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(16, len(paths))) as pool:
        for _ in pool.map(flush_to_disk, paths):
            pass


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

    def save(self, folder: Root) -> None:
        """Write all of them."""
        folder.write_new("contents", b"".join(self._pieces), flush=True)


def _load(folder: Path) -> Journal | None:
    try:
        with Root(folder) as root:
            text = root.read("journal.json")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _damaged(folder) from error
    try:
        record = json.loads(text)
        written = record.pop("format")
        if written != _FORMAT:
            raise Refused(
                f"The update in {folder} was started by another version of pyo3-kit.", "Continue with that version."
            )
        index = record.pop("index")
        steps = [Step(step["path"], _side(step["before"]), _side(step["after"])) for step in record.pop("steps")]
        journal = Journal(
            steps=tuple(steps),
            index=Index(**index) if index else None,
            made=tuple(record.pop("made")),
            conflicts=tuple(record.pop("conflicts")),
            sidecars=tuple(record.pop("sidecars")),
            **record,
        )
        fault = fault_of_journal(journal)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(folder) from error
    if fault:
        raise Refused(
            f"The record of an interrupted update in {folder} is not used: {fault}.",
            "pyo3-kit did not write it. Remove that folder, and check where this repository came from.",
        )
    return journal


def _side(record: dict[str, Any] | None) -> Side | None:
    return Side(**record) if record else None


def _damaged(folder: Path) -> Failed:
    return Failed(
        f"The record of the interrupted update is damaged: {folder}.",
        "Restore the project with Git (`git status` shows what changed), then remove that folder.",
    )


def parents(path: str) -> Iterable[str]:
    """The folders that contain `path`, outermost first, without the project's own."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]
