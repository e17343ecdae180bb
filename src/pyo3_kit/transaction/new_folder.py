"""The folder of a new project: checked before anything is rendered, filled by one rename afterwards."""

from __future__ import annotations

import errno
import os
import time
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.system.own_files import make_temporary_folder
from pyo3_kit.system.platforms import take_lock
from pyo3_kit.system.reading import read_bytes
from pyo3_kit.system.signals import note_written, undisturbed
from pyo3_kit.system.writing import Root
from pyo3_kit.transaction.journal import parents

_ASIDE = ".pyo3-kit-new-"
_LOCK = "lock"
_ATTEMPTS = 10
"""As often a temporary folder is removed again while something appears in it."""
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Target:
    """Where a project is created. `exists`: the folder is there already; `occupied`: and it is not empty."""

    path: Path
    exists: bool
    occupied: bool

    @property
    def ground(self) -> Path:
        """The existing folder in which everything is first written, in a hidden folder."""
        if self.exists:
            return self.path
        return next(parent for parent in self.path.parents if parent.exists())


def check_target(path: str, *, force: bool) -> Target:
    """The target that `path` names; `Refused` when a project cannot be put there."""
    if not path.strip():
        raise Refused("The path of the project is empty.", "Name the folder to create, e.g. `pyo3-kit new my-lib`.")
    if any(unicodedata.category(character) == "Cc" for character in path):
        raise Refused(f"The path {path!r} holds control characters.", "Write it without line breaks and tabs.")
    given = Path(path).expanduser()
    try:
        place = _resolved(given)
        exists = place.is_dir()
        left = set(_dead(place)) if exists else set()
        target = Target(place, exists, exists and any(path.name not in left for path in place.iterdir()))
        ground = target.ground
    except OSError as error:
        raise from_os_error(error, f"looking at {path}") from error
    if target.occupied and not force and left:
        raise Refused(
            f"An earlier `pyo3-kit new` into {path} was killed before it was done.",
            "Run it again with `--force` to complete the project, or empty the folder.",
        )
    if target.occupied and not force:
        raise Refused(
            f"{path} exists and is not empty.",
            "Choose another folder, or add `--force`: replaced files are kept as NAME.orig.",
        )
    if not ground.is_dir():
        raise Refused(f"{ground} is a file, so no folder can be created in it.", "Choose another folder.")
    if not os.access(ground, os.W_OK | os.X_OK):
        raise Refused(f"{ground} cannot be written to.", "Choose a folder that you can write to.")
    return target


def _resolved(given: Path) -> Path:
    # Not by `resolve`: since Python 3.13 it no longer reports this.
    if any(_is_circle(place) for place in (given, *given.parents)):
        raise Refused(f"{given} is a circular chain of symbolic links.", "Choose another folder.")
    if given.is_symlink() and not given.exists():
        raise Refused(f"{given} is a broken symbolic link.", "Remove it, or choose another folder.")
    if given.exists() and not given.is_dir():
        raise Refused(f"{given} exists and is a file.", "Choose another folder.")
    return given.resolve()


def _is_circle(path: Path) -> bool:
    try:
        path.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


@dataclass(slots=True)
class Staging:
    """A temporary folder on the target's own disk; `project` in it is what `commit` moves into place.

    `ground` is the target's ground, and `name` that of the temporary folder in it.
    """

    target: Target
    ground: Root
    name: str
    kept: list[str] = field(default_factory=list)

    @property
    def project(self) -> Path:
        """Where the project is made."""
        return self.ground.folder / self.name / self.target.path.name

    def commit(self) -> None:
        """Move the project to its path: a new folder by one rename, else file by file, undone when a step fails.

        A file that would be replaced by another content is kept beside as `NAME.orig`; `kept` names those. `Refused`
        when something is in the way, or when a file would be written through a link.
        """
        with undisturbed():
            try:
                if self.target.exists:
                    with self.ground.inside(f"{self.name}/{self.target.path.name}") as project:
                        self._merge(project)
                else:
                    self._move()
            except OSError as error:
                raise from_os_error(error, f"writing {self.target.path}") from error
            note_written()

    def _move(self) -> None:
        path = self.target.path.relative_to(self.ground.folder).as_posix()
        above = path.rpartition("/")[0]
        made = _make_folders(self.ground, above)
        try:
            if self.ground.status(path) is not None:
                raise Refused(
                    f"{self.target.path} was created while the project was being rendered.",
                    "Look at what is there, then run the command again.",
                )
            self.ground.move(f"{self.name}/{self.target.path.name}", path)
        except BaseException:
            for folder in reversed(made):
                self.ground.remove_folder(folder)
            raise

    def _merge(self, project: Root) -> None:
        ground, pieces = self.ground, _pieces(project.folder)
        for path in pieces:
            # Nothing is moved when one of them would go through a link.
            ground.status(path)
        moved: list[tuple[str, str]] = []
        made: list[str] = []
        brought: list[str] = []
        repository = _has_repository(project.folder)
        if repository and os.path.lexists(self.target.path / ".git"):
            raise Refused(f"{self.target.path} has a `.git` that Git cannot use.", "Remove it, or add `--no-git`.")
        try:
            for path in pieces:
                made += _make_folders(ground, path.rpartition("/")[0])
                if ground.status(path) is not None:
                    if _same(project.folder / path, self.target.path / path):
                        continue
                    kept = _free_name(self.target.path, path)
                    ground.move(path, kept)
                    moved.append((path, kept))
                    self.kept.append(kept)
                project.move(path, path, into=ground)
                brought.append(path)
            if repository:
                project.move_repository(ground)
        except BaseException:
            for path in reversed(brought):
                ground.move(path, path, into=project)
            for before, after in reversed(moved):
                ground.move(after, before)
            for folder in reversed(made):
                ground.remove_folder(folder)
            self.kept.clear()
            raise


@contextmanager
def open_staging(target: Target) -> Iterator[Staging]:
    """A `Staging` for the target; whatever happens, the temporary folder is removed afterwards.

    Folders that killed runs left beside it are removed.
    """
    # `ground` changes as soon as a folder is created.
    folder = target.ground
    try:
        ground = Root(folder)
    except OSError as error:
        raise from_os_error(error, f"writing in {folder}") from error
    with ground, ExitStack() as stack:
        try:
            for name in _dead(folder):
                ground.remove_tree(name)
            name = stack.enter_context(_aside(ground))
        except OSError as error:
            raise from_os_error(error, f"writing in {folder}") from error
        yield Staging(target, ground, name)


@contextmanager
def _aside(ground: Root) -> Iterator[str]:
    """The name of a new folder in the ground that is locked as long as this process lives, and gone afterwards."""
    while True:
        with ExitStack() as stack:
            name = make_temporary_folder(ground.folder, _ASIDE).name
            stack.callback(_remove, ground, name)
            number = ground.open_lock(f"{name}/{_LOCK}")
            stack.callback(os.close, number)
            try:
                take_lock(number)
            except OSError:
                # Another run is looking at this very moment whether the folder is a dead one's.
                continue
            yield name
            return


def _remove(ground: Root, name: str) -> None:
    with undisturbed(), suppress(OSError):
        for _ in range(_ATTEMPTS):
            ground.remove_tree(name)
            if ground.status(name) is None:
                return
            # A process that was killed just now, such as Git, may still have written a file.
            time.sleep(0.05)


def _dead(ground: Path) -> list[str]:
    """The temporary folders that killed runs left: nobody holds their lock."""
    empty = (path for path in ground.glob(f"{_ASIDE}*") if time.time() - path.lstat().st_mtime > _MINUTE)
    found = [path.name for path in empty if path.is_dir() and not any(path.iterdir())]
    locked = [path.parent.name for path in ground.glob(f"{_ASIDE}*/{_LOCK}") if not path.parent.is_symlink()]
    for name in locked:
        with suppress(OSError, Refused), Root(ground) as root:
            number = root.open_lock(f"{name}/{_LOCK}")
            try:
                if take_lock(number):
                    found.append(name)
            finally:
                os.close(number)
    return found


def _make_folders(root: Root, folder: str) -> list[str]:
    """Make `folder` and what is missing above it, or nothing; the new ones, outermost first."""
    if not folder:
        return []
    made: list[str] = []
    try:
        for part in [*parents(folder), folder]:
            made += root.make_folders(part)
    except BaseException:
        for part in reversed(made):
            root.remove_folder(part)
        raise
    return made


def _has_repository(folder: Path) -> bool:
    return os.path.lexists(folder / ".git")


def _pieces(folder: Path) -> list[str]:
    """What is moved one by one: every file, without those of the repository."""
    found = []
    for above, folders, files in os.walk(folder):
        if Path(above) == folder and ".git" in folders:
            folders.remove(".git")
        links = [name for name in folders if Path(above, name).is_symlink()]
        found += [Path(above, name).relative_to(folder).as_posix() for name in (*files, *links)]
    # The answers file goes last, as the sign that the rest is there.
    return sorted(found, key=lambda path: (path == ".copier-answers.yml", path))


def _same(one: Path, other: Path) -> bool:
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink() and one.readlink() == other.readlink()
    return other.is_file() and read_bytes(one) == read_bytes(other)


def _free_name(folder: Path, path: str) -> str:
    number = 0
    while os.path.lexists(folder / (candidate := f"{path}.orig{number or ''}")):
        number += 1
    return candidate
