"""Writing below a folder that others may have filled: a project, a Git directory, a clone.

Folders are entered one by one without following links, at the moment of writing, so that a link that is put in place
meanwhile is not followed either. Only this module and `own_files` write to the disk: a test reads the whole source.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pyo3_kit.errors import Refused
from pyo3_kit.system.names import escape_of
from pyo3_kit.system.platforms import DESCRIPTORS, is_junction, open_flags

if TYPE_CHECKING:
    from types import TracebackType

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | open_flags("O_BINARY", "O_NOFOLLOW")
# What may be entered need not be readable, where the system makes that difference.
_FOLDER = (open_flags("O_PATH") or os.O_RDONLY) | open_flags("O_DIRECTORY", "O_CLOEXEC")
_ENTER = _FOLDER | open_flags("O_NOFOLLOW")
_READ = os.O_RDONLY | open_flags("O_NONBLOCK", "O_NOFOLLOW")
_NOT_ENTERED = {errno.ELOOP, errno.ENOTDIR, errno.EMLINK}


class Linked(Refused):
    """A symbolic link is where a folder has to be, and nothing is written through it."""

    def __init__(self, path: str, link: str) -> None:
        super().__init__(
            f"{path} cannot be written: {link} is a symbolic link.", "Put a folder in its place.", paths=[path]
        )


class Root:
    """A folder below which files are made, moved and removed; paths are relative to it, with `/` between their parts.

    Every method raises `Refused` for a path that leads out of the folder or into a `.git` in it, `Linked` for one that
    leads through a symbolic link, and `OSError` as the system has it. The folder itself is the caller's choice: links
    on the way to it are followed, once, when it is opened. To be used as a context. Without `descriptors`, which
    Windows lacks, each folder on the way is looked at before it is entered.
    """

    def __init__(self, folder: Path, *, descriptors: bool | None = None) -> None:
        self.folder = folder
        self._number = os.open(folder, _FOLDER) if (DESCRIPTORS if descriptors is None else descriptors) else None

    def __enter__(self) -> Root:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._number is not None:
            os.close(self._number)
            self._number = None

    def inside(self, path: str) -> Root:
        """A folder below this one as a root of its own."""
        with self._at(f"{path}/-") as (_, at):
            inner = Root.__new__(Root)
            inner.folder, inner._number = self.folder / path, None
            if at:
                inner._number = os.dup(at["dir_fd"])
            return inner

    def write_new(self, path: str, content: bytes, mode: int = 0o666, *, flush: bool = False) -> None:
        """Write a file that is not there yet; with `flush` it is on the disk afterwards."""
        with self._open(path, _NEW, mode) as number:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(number, rest) :]
            if flush:
                os.fsync(number)

    def write(self, path: str, content: bytes, mode: int | None = None) -> None:
        """Write a whole file at once: others see the old one or the new one. It keeps its mode unless `mode` is given.

        A link at `path` is replaced, not followed.
        """
        if mode is None:
            there = self.status(path)
            mode = stat.S_IMODE(there.st_mode) if there is not None and stat.S_ISREG(there.st_mode) else None
        above, _, _ = path.rpartition("/")
        temporary = f"{above}/" * bool(above) + f".pyo3-kit-{os.urandom(8).hex()}"
        try:
            # The final mode comes last: a secret must not be readable for a moment.
            self.write_new(temporary, content, 0o666 if mode is None else 0o600)
            if mode is not None:
                self.set_mode(temporary, mode)
            self.move(temporary, path)
        except BaseException:
            with suppress(OSError, Refused):
                self.remove(temporary)
            raise

    def make_link(self, path: str, target: str) -> None:
        """Make a symbolic link that is not there yet."""
        with self._at(path) as (name, at):
            os.symlink(target, name, **at)

    def make_folder(self, path: str) -> None:
        """Make a folder that is not there yet, in one that is."""
        with self._at(path) as (name, at):
            os.mkdir(name, **at)

    def make_folders(self, path: str) -> list[str]:
        """Make a folder and what is missing above it; returns the new ones, outermost first."""
        parts, made = path.split("/"), []
        for number in range(len(parts)):
            folder = "/".join(parts[: number + 1])
            try:
                self.make_folder(folder)
                made.append(folder)
            except FileExistsError:
                there = self.status(folder)
                if there is not None and stat.S_ISLNK(there.st_mode):
                    raise Linked(path, folder) from None
                if there is None or not stat.S_ISDIR(there.st_mode):
                    raise
        return made

    def make_parents(self, path: str) -> None:
        """Make the missing folders above a path."""
        if above := path.rpartition("/")[0]:
            self.make_folders(above)

    def set_mode(self, path: str, mode: int) -> None:
        """Set the permissions of a file or a folder; not through a link."""
        if self._number is None:
            with self._at(path) as (name, _):
                if not os.path.islink(name):
                    os.chmod(name, mode)
            return
        with self._open(path, _READ) as number:
            os.chmod(number, mode)

    def move(self, path: str, other: str, *, into: Root | None = None) -> None:
        """Give what is at `path` the name `other`, below this root or another; a file there is replaced."""
        with self._at(path) as (name, at), (into or self)._at(other) as (new, at_new):
            moved: dict[str, Any] = {}
            if at and at_new:
                moved = {"src_dir_fd": at["dir_fd"], "dst_dir_fd": at_new["dir_fd"]}
            os.replace(name, new, **moved)

    def move_repository(self, into: Root) -> None:
        """Move the `.git` that this program made at the top into another root, where there is none."""
        with self._at(".git", own=True) as (name, at), into._at(".git", own=True) as (new, at_new):
            moved: dict[str, Any] = {}
            if at and at_new:
                moved = {"src_dir_fd": at["dir_fd"], "dst_dir_fd": at_new["dir_fd"]}
            os.rename(name, new, **moved)

    def remove(self, path: str) -> None:
        """Remove a file or a link."""
        with self._at(path) as (name, at):
            os.unlink(name, **at)

    def remove_folder(self, path: str) -> None:
        """Remove an empty folder."""
        with self._at(path) as (name, at):
            os.rmdir(name, **at)

    def remove_tree(self, path: str) -> None:
        """Remove a folder with everything in it, if the system allows it; links in it are not followed."""
        import shutil

        with self._at(path) as (name, at):
            if sys.version_info >= (3, 11):
                shutil.rmtree(name, ignore_errors=True, **at)
            else:
                shutil.rmtree(self.folder / path, ignore_errors=True)

    def status(self, path: str) -> os.stat_result | None:
        """What is at `path`, links not followed; None when nothing is, or when a parent is not a folder."""
        try:
            with self._at(path) as (name, at):
                return os.stat(name, follow_symlinks=False, **at)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def read(self, path: str) -> bytes:
        """The content of a regular file; `OSError` for anything else."""
        with self.open_file(path) as file:
            return file.read()

    @contextmanager
    def open_file(self, path: str) -> Iterator[BinaryIO]:
        """A regular file, open for reading; `OSError` for anything else."""
        with self._open(path, _READ) as number:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise OSError(errno.EINVAL, "not a regular file", str(self.folder / path))
            with os.fdopen(number, "rb", closefd=False) as file:
                yield file

    def open_lock(self, path: str) -> int:
        """The number of a file to lock, made when it is missing; to be closed by the caller."""
        flags = os.O_RDWR | os.O_CREAT | open_flags("O_NOFOLLOW", "O_CLOEXEC")
        with self._at(path) as (name, at):
            return os.open(name, flags, 0o666, **at)

    @contextmanager
    def _open(self, path: str, flags: int, mode: int = 0o666) -> Iterator[int]:
        with self._at(path) as (name, at):
            number = os.open(name, flags | open_flags("O_CLOEXEC", "O_BINARY"), mode, **at)
            try:
                yield number
            finally:
                os.close(number)

    @contextmanager
    def _at(self, path: str, *, own: bool = False) -> Iterator[tuple[Any, dict[str, Any]]]:
        """The name to hand to the system, and the folder that it is in, which was entered without following links."""
        if not own and (why := escape_of(path)):
            raise Refused(f"{path!a} is not written: {why}.", "Nothing was changed there.", paths=[path])
        *above, name = path.split("/")
        if self._number is None:
            yield self._looked_up(path, above) / name, {}
            return
        top = number = self._number
        try:
            for count, part in enumerate(above, 1):
                outer, number = number, self._enter(part, number, path, "/".join(above[:count]))
                # An interrupt may come at any moment, and nothing may be closed twice.
                if outer != top:
                    os.close(outer)
            yield name, {"dir_fd": number}
        except OSError as error:
            if isinstance(error.filename, str) and not os.path.isabs(error.filename):
                error.filename = str(self.folder / path)
            raise
        finally:
            if number != top:
                os.close(number)

    def _enter(self, part: str, number: int, path: str, folder: str) -> int:
        try:
            return os.open(part, _ENTER, dir_fd=number)
        except OSError as error:
            if error.errno in _NOT_ENTERED and stat.S_ISLNK(os.lstat(part, dir_fd=number).st_mode):
                raise Linked(path, folder) from None
            raise

    def _looked_up(self, path: str, above: list[str]) -> Path:
        folder = self.folder
        for count, part in enumerate(above, 1):
            folder /= part
            if _is_link(folder):
                raise Linked(path, "/".join(above[:count]))
        return folder


def _is_link(path: Path) -> bool:
    """Whether a path is a symbolic link, or what Windows has besides: a junction."""
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISLNK(status.st_mode) or is_junction(status)
