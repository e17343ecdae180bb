"""The project's place: checked before anything is rendered, filled in one move afterwards."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.system.signals import undisturbed


@dataclass(frozen=True, slots=True)
class Target:
    """Where a project shall stand. `exists`: the folder is there already; `occupied`: and it is not empty."""

    path: Path
    exists: bool
    occupied: bool

    @property
    def ground(self) -> Path:
        """The folder that is there already and that everything is first written into, out of sight."""
        if self.exists:
            return self.path
        return next(parent for parent in self.path.parents if parent.exists())


def check_target(path: str, *, force: bool) -> Target:
    """The target that `path` names; `Refused` when a project cannot be put there."""
    if not path.strip():
        raise Refused("The path of the project is empty.", "Name the folder to make, as in `pyo3-kit new my-lib`.")
    if any(unicodedata.category(character) == "Cc" for character in path):
        raise Refused(f"The path {path!r} holds control characters.", "Write it without line breaks and tabs.")
    given = Path(path).expanduser()
    try:
        place = _resolved(given)
        exists = place.is_dir()
        target = Target(place, exists, exists and any(place.iterdir()))
        ground = target.ground
    except OSError as error:
        raise from_os_error(error, f"looking at {path}") from error
    if target.occupied and not force:
        raise Refused(
            f"{path} exists and is not empty.",
            "Choose another folder, or add `--force`: replaced files are kept as NAME.orig.",
        )
    if not ground.is_dir():
        raise Refused(f"{ground} is a file, so that no folder can be made in it.", "Choose another folder.")
    if not os.access(ground, os.W_OK | os.X_OK):
        raise Refused(f"{ground} cannot be written to.", "Choose a folder that you can write to.")
    return target


def _resolved(given: Path) -> Path:
    # Not by `resolve`: since Python 3.13 it no longer tells.
    if any(_is_circle(place) for place in (given, *given.parents)):
        raise Refused(f"{given} leads through symbolic links in a circle.", "Choose another folder.")
    if given.is_symlink() and not given.exists():
        raise Refused(f"{given} is a symbolic link that leads nowhere.", "Remove it, or choose another folder.")
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
    """A folder aside, on the target's own disk; `project` in it is what `commit` moves into place."""

    target: Target
    project: Path
    kept: list[str] = field(default_factory=list)

    def commit(self) -> None:
        """Put the project in its place: by one rename for a new folder, else file by file, undone when a step fails.

        A file that would be replaced by another content is kept beside as `NAME.orig`; `kept` names those.
        """
        with undisturbed():
            try:
                if self.target.exists:
                    self._merge()
                else:
                    self._move()
            except OSError as error:
                raise from_os_error(error, f"writing {self.target.path}") from error

    def _move(self) -> None:
        made = _make_parents(self.target.path.parent)
        try:
            if os.path.lexists(self.target.path):
                raise Refused(
                    f"{self.target.path} came to be meanwhile.", "Look at what is there, then run the command again."
                )
            self.project.rename(self.target.path)
        except BaseException:
            for folder in reversed(made):
                folder.rmdir()
            raise

    def _merge(self) -> None:
        moved: list[tuple[Path, Path]] = []
        made: list[Path] = []
        try:
            for source in _pieces(self.project):
                place = self.target.path / source.relative_to(self.project)
                made += _make_parents(place.parent)
                if os.path.lexists(place):
                    if _same(source, place):
                        continue
                    kept = _free_name(place)
                    place.rename(kept)
                    moved.append((place, kept))
                    self.kept.append(kept.relative_to(self.target.path).as_posix())
                source.rename(place)
                moved.append((source, place))
        except BaseException:
            for before, after in reversed(moved):
                after.rename(before)
            for folder in reversed(made):
                folder.rmdir()
            self.kept.clear()
            raise


@contextmanager
def staged(target: Target) -> Iterator[Staging]:
    """A `Staging` for the target; whatever happens, the folder aside is gone afterwards."""
    try:
        aside = Path(tempfile.mkdtemp(prefix=".pyo3-kit-", dir=target.ground))
    except OSError as error:
        raise from_os_error(error, f"writing in {target.ground}") from error
    try:
        yield Staging(target, aside / target.path.name)
    finally:
        with undisturbed():
            shutil.rmtree(aside, ignore_errors=True)


def _make_parents(folder: Path) -> list[Path]:
    """Make `folder` and what is missing above it; the new ones, outermost first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    missing.reverse()
    made: list[Path] = []
    try:
        for folder in missing:
            folder.mkdir()
            made.append(folder)
    except OSError:
        for folder in reversed(made):
            folder.rmdir()
        raise
    return made


def _pieces(folder: Path) -> list[Path]:
    """What is moved one by one: every file, and the repository as a whole."""
    found = []
    for parent, folders, files in os.walk(folder):
        if ".git" in folders and Path(parent) == folder:
            folders.remove(".git")
            found.append(Path(parent, ".git"))
        found += [Path(parent, name) for name in files]
        found += [Path(parent, name) for name in folders if Path(parent, name).is_symlink()]
    # The answers file goes last, as the sign that the rest is there.
    return sorted(found, key=lambda path: (path.name == ".copier-answers.yml", path))


def _same(one: Path, other: Path) -> bool:
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink() and one.readlink() == other.readlink()
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _free_name(path: Path) -> Path:
    number = 0
    while True:
        candidate = path.with_name(f"{path.name}.orig{number or ''}")
        if not os.path.lexists(candidate):
            return candidate
        number += 1
