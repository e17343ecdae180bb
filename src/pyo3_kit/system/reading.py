"""The one way to read a file.

A project, a template or an overlay may hold anything under the name of a file that we read: a device that never ends, a
FIFO that nobody writes to, a terabyte. Only regular files are read here, whatever links lead to them, and only up to a
size. Everything else raises `OSError`, as a file does that may not be read.
"""

from __future__ import annotations

import errno
import os
import select
import stat
from collections.abc import Iterator
from pathlib import Path

from pyo3_kit.errors import UnreadableFile
from pyo3_kit.system.platforms import open_flags

TEXT = 1_000_000
"""Bytes of a file that somebody wrote by hand: answers, settings, fleet files, presets."""
RECORD = 20_000_000
"""Bytes of a file that a program wrote: lock files, baselines, reports."""
CONTENT = 100_000_000
"""Bytes of any other file; above it, it is neither compared nor merged."""

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
}
_FLAGS = os.O_RDONLY | open_flags("O_NONBLOCK", "O_NOCTTY", "O_BINARY")
_AT_ONCE = 1 << 20
_PATIENCE = 10.0
"""Seconds that a pipe's writer may keep us waiting."""


def walk_files(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file and link below `folder`, in no order, each with its path relative to it; no link is followed."""
    waiting = [("", os.fspath(folder))]
    while waiting:
        above, place = waiting.pop()
        try:
            entries = os.scandir(place)
        except OSError:
            continue
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{above}{entry.name}/", entry.path))
                else:
                    yield above + entry.name, entry


def read_bytes(path: Path, limit: int = CONTENT, *, pipes: bool = False) -> bytes:
    """The content of a regular file of at most `limit` bytes.

    `pipes`: the user named the file in the command, where `<(…)` and `/dev/stdin` are files too. `OSError` for what
    cannot be read; `UnreadableFile`, which is one, says why where the system would not.
    """
    try:
        # Before it is opened: opening a device or a FIFO may do something by itself.
        _refuse_special(path, path.stat(), pipes=pipes)
        number = os.open(path, _FLAGS)
    except ValueError:
        raise UnreadableFile(errno.EINVAL, "its name holds a NUL character", str(path)) from None
    try:
        # It may be another file by now.
        state = os.fstat(number)
        _refuse_special(path, state, pipes=pipes)
        if state.st_size > limit:
            raise _too_large(path, limit)
        pieces: list[bytes] = []
        left = limit + 1
        while left > 0 and (piece := _piece(number, min(left, _AT_ONCE), path)):
            pieces.append(piece)
            left -= len(piece)
        if left <= 0:
            raise _too_large(path, limit)
        if not pieces and stat.S_ISFIFO(state.st_mode):
            raise UnreadableFile(errno.EAGAIN, "nothing is written to this pipe", str(path))
        if pieces and state.st_size == 0 and stat.S_ISREG(state.st_mode) and _is_of_the_kernel(path):
            raise UnreadableFile(errno.EINVAL, "it is a file of the system, not of a disk", str(path))
        return b"".join(pieces)
    finally:
        os.close(number)


def read_text(path: Path, limit: int = TEXT, *, errors: str = "strict", pipes: bool = False) -> str:
    """The text of a file in UTF-8, without a byte order mark and with line feeds; raises as `read_bytes`.

    `UnicodeDecodeError` for another encoding, unless `errors` says what to do.
    """
    text = read_bytes(path, limit, pipes=pipes).decode("utf-8-sig", errors)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse_special(path: Path, state: os.stat_result, *, pipes: bool) -> None:
    kind = stat.S_IFMT(state.st_mode)
    if kind == stat.S_IFREG or (pipes and kind == stat.S_IFIFO):
        return
    if kind == stat.S_IFDIR:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise UnreadableFile(errno.EINVAL, f"it is {_KINDS.get(kind, 'no file')}, not a regular file", str(path))


def _is_of_the_kernel(path: Path) -> bool:
    """Whether a file has size 0 but content, such as `/proc/self/environ`, which may hold secrets."""
    return os.path.realpath(path).startswith(("/proc/", "/sys/"))


def _piece(number: int, size: int, path: Path) -> bytes:
    while True:
        try:
            return os.read(number, size)
        except BlockingIOError:
            if not select.select((number,), (), (), _PATIENCE)[0]:
                raise UnreadableFile(errno.EAGAIN, "nothing is written to this pipe", str(path)) from None


def _too_large(path: Path, limit: int) -> UnreadableFile:
    return UnreadableFile(errno.EFBIG, f"it is larger than {limit // 1_000_000} MB", str(path))
