"""A lock that allows one run at a time on a project, and the clean-up after runs that died."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.system.own_files import make_own_folder
from pyo3_kit.system.platforms import WINDOWS, take_lock
from pyo3_kit.system.signals import undisturbed
from pyo3_kit.system.writing import Root
from pyo3_kit.transaction.journal import DONE, PREPARING, Place


class Busy(Refused):
    """Another process holds the lock."""


@contextmanager
def lock_project(place: Place) -> Iterator[Root]:
    """The folder with the state of the project's update, locked against other processes.

    What dead runs left in it is removed first, and it is removed itself when it is left empty. A dead process holds no
    lock. Where the file system does not support locks there is none, and nothing that is another process's is removed.

    Raises:
        Busy: another update of this project is running.
        Refused: the folder cannot be written to, or is behind a link.
    """
    kept = place.kept
    try:
        make_own_folder(place.git_dir)
        root = Root(place.git_dir)
    except OSError as error:
        raise from_os_error(error, f"writing in {place.folder}") from error
    with root:
        try:
            number, held = _take(root, kept)
            folder = root.inside(kept)
        except OSError as error:
            raise from_os_error(error, f"writing in {place.folder}") from error
        try:
            with folder:
                if held:
                    _sweep(folder)
                yield folder
        finally:
            with undisturbed():
                _release(root, kept, number)


def _sweep(folder: Root) -> None:
    """Remove from `folder` what runs left that died or could not clean up."""
    with suppress(OSError):
        for path in folder.folder.iterdir():
            if path.name.startswith((PREPARING, DONE)):
                folder.remove_tree(path.name)


def _take(root: Root, kept: str) -> tuple[int, bool]:
    path = f"{kept}/lock"
    while True:
        try:
            root.make_folders(kept)
            number = root.open_lock(path)
        except FileNotFoundError:
            # Another run has just ended and removed the folder.
            continue
        try:
            held = _lock(number)
            if _is_at(number, root.status(path)):
                return number, held
        except BaseException:
            os.close(number)
            raise
        os.close(number)


def _release(root: Root, kept: str, number: int) -> None:
    # First the name, then the lock: whoever opens the file now makes one of their own.
    with suppress(OSError):
        root.remove(f"{kept}/lock")
    os.close(number)
    # Windows does not remove what is open.
    with suppress(OSError):
        if WINDOWS:
            root.remove(f"{kept}/lock")
    for empty in (kept, kept.rpartition("/")[0]):
        try:
            root.remove_folder(empty)
        except OSError:
            break


def _is_at(number: int, there: os.stat_result | None) -> bool:
    return there is not None and os.path.samestat(os.fstat(number), there)


def _lock(number: int) -> bool:
    """Whether there is a lock now; False where the file system has none. `Busy` when another process has it."""
    try:
        return take_lock(number)
    except OSError as error:
        raise Busy("Another update of this project is running.", "Wait until it is done.") from error
