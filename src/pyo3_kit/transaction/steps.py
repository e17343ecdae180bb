"""The steps of a journal: read what is in the project, and apply or undo the update file by file."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from contextlib import suppress
from enum import Enum
from pathlib import Path

from pyo3_kit.errors import Refused
from pyo3_kit.system.platforms import link_content, same_mode
from pyo3_kit.system.reading import read_bytes
from pyo3_kit.system.writing import Linked, Root
from pyo3_kit.transaction.conflicts import set_index
from pyo3_kit.transaction.journal import Place, content, digest, parents, sync
from pyo3_kit.transaction.record import Journal, Side, Step


class Foreign(Enum):
    """What to do with a file that has neither its old content nor the content that the update gives it."""

    REFUSE = "refuse"
    LEAVE = "leave"
    KEEP_BESIDE = "keep beside"


class View:
    """The project as the steps see it.

    `touched` are the paths of the steps, `passing` the folders that they make or leave empty.
    """

    def __init__(self, root: Path, touched: Collection[str], passing: Collection[str]) -> None:
        self.root = root
        self._touched = touched
        self._passing = passing
        folded: dict[str, int] = {}
        for path in touched:
            folded[path.casefold()] = folded.get(path.casefold(), 0) + 1
        # Where file names are case-insensitive, a name that only changes its case would be found under both.
        self._exact = {path for path in touched if folded[path.casefold()] > 1}

    def look(self, path: str) -> Side | None:
        """What is at `path`; None: nothing, or a folder that the update creates or removes.

        `Refused` when a link or a file that the update leaves alone is where a folder has to be.
        """
        found, _ = self.read(path)
        return found

    def read(self, path: str) -> tuple[Side | None, bytes]:
        """What `look` says, and the content."""
        for folder in parents(path):
            kind = self.kind(folder)
            if kind is None or (kind != "folder" and folder in self._touched):
                return None, b""
            if kind != "folder":
                what = "a symbolic link, and an update does not write through one" if kind == "link" else "not a folder"
                raise Refused(
                    f"{path} cannot be updated: {folder} is {what}.", "Put a folder in its place.", paths=[path]
                )
        place = self.root / path
        try:
            status = place.lstat()
        except FileNotFoundError:
            return None, b""
        if path in self._exact and place not in place.parent.iterdir():
            return None, b""
        mode = stat.S_IMODE(status.st_mode)
        if stat.S_ISLNK(status.st_mode):
            target = link_content(str(place.readlink()))
            return Side("link", digest(target), 0), target
        if stat.S_ISREG(status.st_mode):
            kept = read_bytes(place)
            return Side("file", digest(kept), mode), kept
        if stat.S_ISDIR(status.st_mode) and path in self._passing:
            return None, b""
        return Side("folder" if stat.S_ISDIR(status.st_mode) else "other", "", mode), b""

    def ground(self, path: str) -> str:
        """The innermost folder above `path` that exists already; its temporary file is written there."""
        ground = ""
        for folder in parents(path):
            if self.kind(folder) != "folder":
                break
            ground = folder
        return ground

    def kind(self, folder: str) -> str | None:
        """What is at `folder`, a path without links above it: `folder`, `link` or `file`; None: nothing."""
        try:
            mode = (self.root / folder).lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None
        return "folder" if stat.S_ISDIR(mode) else "link" if stat.S_ISLNK(mode) else "file"


def same(one: Side | None, other: Side | None) -> bool:
    """Whether two sides are one file but for its mode."""
    return one is other or (
        one is not None and other is not None and (one.kind, one.digest) == (other.kind, other.digest)
    )


def foreign(now: Side | None, step: Step) -> bool:
    """Whether a file is neither before nor after `step`. One that is missing is not: nothing of it can be lost."""
    return now is not None and not same(now, step.before) and not same(now, step.after)


class Move:
    """One way through a journal, whose folder is `kept`, in the project open as `root`: forward, or `back`.

    It can safely be repeated.
    """

    def __init__(self, place: Place, root: Root, kept: Path, journal: Journal, *, back: bool, foreign: Foreign) -> None:
        self._place = place
        self._root = root
        self._kept = kept
        self._journal = journal
        self._back = back
        self._foreign = foreign
        paths = {step.path for step in journal.steps}
        self._view = View(place.root, paths, {*journal.made, *journal.emptied})
        self._written: list[str] = []
        self._dirty: set[Path] = set()
        self.beside: list[str] = []
        self.index_touched = False

    def run(self, *, index: bool = True) -> None:
        """Write every file, and Git's index if `index`.

        First all that takes room is written, beside its place; then names change hands. Nothing but temporary files is
        touched before that, and those are gone whenever this ends.

        Raises:
            Refused: a file was changed meanwhile, by name; or Git has no room.
            Failed: Git failed, or the journal is damaged.
            OSError: the system refused.
        """
        try:
            todo = self._todo()
            for number, step in todo:
                self._write_beside(number, step)
            sync([place for name in self._written if not (place := self._place.root / name).is_symlink()])
            for number, step in todo:
                if step.path:
                    self._set(number, step)
                elif index and self._journal.index is not None:
                    # Git writes an index whole or not at all.
                    set_index(self._place, self._journal.index, back=self._back)
                    self.index_touched = True
            # A folder may have been removed after a file in it was, and something else may be there.
            sync([folder for folder in self._dirty if folder.is_dir() and not folder.is_symlink()])
        finally:
            for temporary in self._written:
                with suppress(OSError, Refused):
                    self._root.remove(temporary)

    def _todo(self) -> list[tuple[int, Step]]:
        steps = list(enumerate(self._journal.steps))
        todo, strangers = [], []
        for number, step in reversed(steps) if self._back else steps:
            if step.path and foreign(self._view.look(step.path), step):
                strangers.append(step.path)
                if self._foreign is Foreign.LEAVE:
                    continue
            todo.append((number, step))
        if strangers and self._foreign is Foreign.REFUSE:
            raise Refused(
                f"Changed since the update began: {', '.join(strangers)}.",
                "Move what you wrote out of the way, run the command again, and put it back afterwards.",
                paths=strangers,
            )
        return todo

    def _target(self, step: Step) -> Side | None:
        return step.before if self._back else step.after

    def _is_there(self, step: Step, now: Side | None) -> bool:
        target = self._target(step)
        if not same(now, target):
            return False
        return now is None or target is None or same_mode(now.mode, target.mode)

    def _write_beside(self, number: int, step: Step) -> None:
        target = self._target(step)
        if target is None or self._is_there(step, self._view.look(step.path)):
            return
        self._make_parents(step.path)
        temporary = self._temporary(number, step)
        kept = content(self._kept, target)
        self._written.append(temporary)
        if target.kind == "link":
            self._root.make_link(temporary, os.fsdecode(kept))
        else:
            self._root.write_new(temporary, kept, 0o600)
            self._root.set_mode(temporary, target.mode)

    def _set(self, number: int, step: Step) -> None:
        now, target = self._view.look(step.path), self._target(step)
        if foreign(now, step):
            if self._foreign is not Foreign.KEEP_BESIDE:
                raise Refused(f"Changed during the update: {step.path}.", "Run the command again.", paths=[step.path])
            if step.path not in self._journal.sidecars:
                self._keep_beside(step.path)
                now = None
        if not self._is_there(step, now):
            if target is None:
                self._root.remove(step.path)
            else:
                temporary = self._temporary(number, step)
                self._make_parents(step.path)
                if self._view.ground(step.path) != step.path.rpartition("/")[0]:
                    raise Refused(f"No folder can be created for {step.path}.", "Check what is in its place.")
                if self._view.kind(step.path) == "folder":
                    self._make_way(step.path)
                self._root.move(temporary, step.path)
            self._dirty.add((self._place.root / step.path).parent)
        if target is None:
            self._remove_parents(step.path)

    def _temporary(self, number: int, step: Step) -> str:
        for folder in reversed(["", *parents(step.path)]):
            candidate = _name(self._journal, number, folder)
            if os.path.lexists(self._place.root / candidate):
                return candidate
        return _name(self._journal, number, self._view.ground(step.path))

    def _make_way(self, name: str) -> None:
        """Move away a folder that a file replaces and that the user has put something into."""
        if not any((self._place.root / name).iterdir()):
            self._root.remove_folder(name)
            return
        if self._foreign is not Foreign.KEEP_BESIDE:
            raise Refused(f"The folder {name} is no longer empty.", "Move it away.", paths=[name])
        self.beside = [path for path in self.beside if not path.startswith(f"{name}/")]
        self._keep_beside(name)

    def _keep_beside(self, path: str) -> None:
        number = 0
        while os.path.lexists(self._place.root / (beside := f"{path}.orig{number or ''}")):
            number += 1
        self._root.move(path, beside)
        self.beside.append(beside)

    def _make_parents(self, path: str) -> None:
        """Make the missing folders above `path`, unless a file or link that is still to be removed is in the way."""
        for folder in parents(path):
            kind = self._view.kind(folder)
            if kind is None:
                self._root.make_folder(folder)
                self._dirty.add((self._place.root / folder).parent)
                if self._back and folder in self._journal.emptied:
                    self._root.set_mode(folder, self._journal.emptied[folder])
            elif kind != "folder":
                break

    def _remove_parents(self, path: str) -> None:
        passing = self._journal.made if self._back else self._journal.emptied
        for folder in reversed(list(parents(path))):
            if folder not in passing:
                break
            try:
                self._root.remove_folder(folder)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError:
                # Something else is in it; or it is in use, and an empty folder does no harm.
                break
            self._dirty.add((self._place.root / folder).parent)


def clear(root: Root, journal: Journal) -> None:
    """Remove the temporary files of a journal's moves that a dead run left in the project."""
    for number, step in enumerate(journal.steps):
        for folder in ["", *parents(step.path)]:
            with suppress(OSError, Linked):
                root.remove(_name(journal, number, folder))


def _name(journal: Journal, number: int, folder: str) -> str:
    name = f".pyo3-kit-{journal.token}-{number}"
    return f"{folder}/{name}" if folder else name
