"""One run at a time on a project, and nothing left of runs that died."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.system.signals import undisturbed
from pyo3_kit.transaction.journal import DONE, PREPARING, Place


class Busy(Refused):
    """Another process holds the lock."""


_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


@contextmanager
def locked(place: Place) -> Iterator[Path]:
    """The folder with what is known of the project's update, while no other process may use it.

    What dead runs left in it is removed first, and it is removed itself when it is left empty. A dead process holds no
    lock. Where the file system knows no locks there is none, and nothing that is another process's is removed.

    Raises:
        Busy: another update of this project is running.
        Refused: the folder cannot be written to.
    """
    folder = place.folder
    try:
        number, held = _take(folder)
    except OSError as error:
        raise from_os_error(error, f"writing in {folder}") from error
    try:
        if held:
            sweep(folder)
        yield folder
    finally:
        with undisturbed():
            _release(folder, number)


def sweep(folder: Path) -> None:
    """Remove what runs left in `folder` that died, or could not finish removing."""
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith((PREPARING, DONE)):
                shutil.rmtree(path, ignore_errors=True)


def _take(folder: Path) -> tuple[int, bool]:
    path = folder / "lock"
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            number = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:
            # Another run has just ended and removed the folder.
            continue
        try:
            held = _lock(number)
            if _is_at(number, path):
                return number, held
        except BaseException:
            os.close(number)
            raise
        os.close(number)


def _release(folder: Path, number: int) -> None:
    # First the name, then the lock: whoever opens the file now makes one of their own.
    if os.name != "nt":
        with suppress(OSError):
            (folder / "lock").unlink()
    os.close(number)
    if os.name == "nt":
        with suppress(OSError):
            (folder / "lock").unlink()
    for empty in (folder, folder.parent):
        try:
            empty.rmdir()
        except OSError:
            break


def _is_at(number: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(number), path.stat())
    except FileNotFoundError:
        return False


def _lock(number: int) -> bool:
    """Whether there is a lock now; False where the file system has none. `Refused` when another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            raise Busy("Another update of this project is running.", "Wait until it is done.") from error
        return False
    return True
