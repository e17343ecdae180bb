"""The user's cache folder: everything in it can be deleted at any time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyo3_kit.errors import from_os_error
from pyo3_kit.system.own_files import make_own_folder, make_temporary_folder, move_own, remove_own_tree
from pyo3_kit.system.platforms import process_lives

CACHE_VARIABLE = "PYO3_KIT_CACHE"
_MARK = "pid-"


def cache_folder() -> Path:
    """`PYO3_KIT_CACHE`, or the folder `pyo3-kit` in the user's cache folder; made when it is missing."""
    if named := os.environ.get(CACHE_VARIABLE):
        folder = Path(named).absolute()
    else:
        from platformdirs import user_cache_path

        folder = user_cache_path("pyo3-kit", appauthor=False)
    try:
        make_own_folder(folder)
    except OSError as error:
        raise from_os_error(error, "creating the cache folder") from error
    return folder


def fill_once(name: str, fill: Callable[[Path], None]) -> Path:
    """The folder `name` in the cache, filled by `fill` when it is not there.

    It is created by one rename, so that no run ever sees half of it.
    """
    folder = cache_folder() / name
    if folder.is_dir():
        return folder
    with scratch_folder() as scratch:
        fresh = scratch / "new"
        try:
            make_own_folder(fresh)
            fill(fresh)
            make_own_folder(folder.parent)
            move_own(fresh, folder)
        except OSError as error:
            # Another run was faster; what it made is the same.
            if not folder.is_dir():
                raise from_os_error(error, "filling the cache folder") from error
    return folder


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """A private folder for as long as the context lasts; those of runs that were killed are removed on the way.

    It is in `parent`, by default in the cache folder.
    """
    parent = parent or cache_folder() / "scratch"
    try:
        make_own_folder(parent)
        _sweep(parent)
        folder = make_temporary_folder(parent, f"{_MARK}{os.getpid()}-")
    except OSError as error:
        raise from_os_error(error, "creating a temporary folder") from error
    try:
        yield folder
    finally:
        remove_own_tree(folder)


def _sweep(parent: Path) -> None:
    for folder in parent.iterdir():
        number = folder.name.removeprefix(_MARK).split("-")[0]
        if number.isdigit() and not process_lives(int(number)):
            remove_own_tree(folder)
