"""The project's files as they are: read, and refused by name where an update must not write."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.git.run import ask_git
from pyo3_kit.merge.model import File, FileMerge, Tree
from pyo3_kit.project.files import read_file
from pyo3_kit.project.location import Project

_AT_ONCE = 200
_LARGEST = 1_000_000
_MOST = 400


def read_ours(project: Project, paths: Iterable[str]) -> dict[str, File]:
    """Those of the paths that are files in the project, or links."""
    found = {}
    for path in paths:
        place = project.root / path
        try:
            if place.is_symlink() or place.is_file():
                found[path] = read_file(place)
        except OSError as error:
            raise from_os_error(error, f"reading {path}") from error
    return found


def list_files(project: Project, *options: str) -> list[str]:
    """The project's tracked files, by one Git process; with options of `git ls-files` others."""
    said = ask_git(project.root, "ls-files", "-z", *options)
    return [path for path in said.split("\0") if path]


def read_candidates(project: Project, missing: Tree, known: Iterable[str], listed: Iterable[str]) -> dict[str, File]:
    """The files among `listed` that one of the `missing` may have been renamed to: alike in name and in size."""
    suffixes = {PurePosixPath(path).suffix for path in missing}
    names = {PurePosixPath(path).name for path in missing}
    sizes = [len(file.content) for file in missing.values()]
    skipped = set(known)
    chosen = []
    for path in listed:
        pure = PurePosixPath(path)
        if path in skipped or (pure.suffix not in suffixes and pure.name not in names):
            continue
        try:
            status = (project.root / path).lstat()
        except OSError:
            continue
        fits = any(size / 3 <= status.st_size <= size * 3 for size in sizes)
        if stat.S_ISREG(status.st_mode) and status.st_size <= _LARGEST and fits:
            chosen.append(path)
    # The same name in another folder is likelier than another name.
    chosen.sort(key=lambda path: PurePosixPath(path).name not in names)
    return read_ours(project, chosen[:_MOST])


def refuse_untouchable(project: Project, merges: Iterable[FileMerge], base: Tree) -> None:
    """Raise `Refused`, naming the files, if one that the update would write cannot or must not be written.

    This is a file with uncommitted changes, an untracked one in the way, one behind a link or in a submodule, a
    folder in its place, or a read-only one. One Git process for every 200 files.
    """
    touched: dict[str, None] = {}
    for merge in merges:
        if merge.writes:
            touched.update(dict.fromkeys([merge.path, *([merge.source] if merge.source else [])]))
    checked: set[PurePosixPath] = set()
    for path in touched:
        _refuse_place(project, path, checked)
    dirty = {path: why for path, why in _dirty(project, list(touched), base).items() if path in touched}
    if dirty:
        listed = "".join(f"\n  {path}: {why}" for path, why in sorted(dirty.items()))
        raise Refused(
            f"Git could not bring back what the update would change:{listed}",
            "Commit or stash these changes first, then run the command again.",
            dirty=sorted(dirty),
        )


def _refuse_place(project: Project, path: str, checked: set[PurePosixPath]) -> None:
    place = project.root / path
    for parent in reversed(PurePosixPath(path).parents[:-1]):
        if parent in checked:
            continue
        checked.add(parent)
        folder = project.root / parent
        if folder.is_symlink():
            inside = folder.resolve().is_relative_to(project.root)
            where = "is a symbolic link" if inside else "is a symbolic link that leads out of the project"
            raise Refused(f"{parent} {where}, and the update would write {path}.", "Make it a folder.")
        if (folder / ".git").exists():
            raise Refused(
                f"{parent} is a submodule, and the update would write {path}.",
                "Move the submodule, or take the path out of the template.",
            )
        if folder.exists() and not folder.is_dir():
            raise Refused(f"{parent} is a file, and the update would write {path}.", "Rename the file.")
        if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
            raise Refused(f"{parent} cannot be written to.", "Make the folder writable.")
    if place.is_dir() and not place.is_symlink():
        what = "submodule" if (place / ".git").exists() else "folder"
        raise Refused(f"{path} is a {what}, and the update would write a file there.", f"Rename the {what}.")
    if place.is_file() and not place.is_symlink() and not place.stat().st_mode & stat.S_IWUSR:
        raise Refused(f"{path} is read-only, and the update would change it.", f"Make it writable: `chmod u+w {path}`.")


def _dirty(project: Project, paths: list[str], base: Tree) -> Mapping[str, str]:
    found = {}
    for code, name in _status(project, paths):
        if code == "??":
            found[name] = "it is untracked, and in the way"
        elif code == "!!":
            # A folder that is ignored as a whole ends with a slash. What the template itself put into an ignored place
            # it may also change there.
            found |= {
                path: "it is ignored by Git, and in the way"
                for path in paths
                if (path == name or (name.endswith("/") and path.startswith(name)))
                and path not in base
                and os.path.lexists(project.root / path)
            }
        elif "U" in code or code in ("AA", "DD"):
            found[name] = "it is unmerged"
        else:
            found[name] = "it has changes that are not committed"
    return found


def _status(project: Project, paths: list[str]) -> Iterator[tuple[str, str]]:
    options = ("--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored=matching")
    for at in range(0, len(paths), _AT_ONCE):
        said = ask_git(project.root, "status", *options, "--", *paths[at : at + _AT_ONCE])
        for entry in said.split("\0"):
            if entry:
                yield entry[:2], entry[3:].removeprefix(project.prefix)
