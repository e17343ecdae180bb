"""The project to update: its folder, its repository and its answers file."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.git.run import ask_git
from pyo3_kit.transaction.place import Place

USUAL = (".copier-answers.yml", ".copier-answers.yaml")

_UNFINISHED = {
    "MERGE_HEAD": ("merge", "git merge --abort"),
    "rebase-merge": ("rebase", "git rebase --abort"),
    "rebase-apply": ("rebase", "git rebase --abort"),
    "CHERRY_PICK_HEAD": ("cherry-pick", "git cherry-pick --abort"),
    "REVERT_HEAD": ("revert", "git revert --abort"),
    "BISECT_LOG": ("bisect", "git bisect reset"),
}
"""The files in the Git folder that show an unfinished operation, and the command that ends it."""


class Project(NamedTuple):
    """A rendered project in a Git repository.

    `root` is its folder, `top` the work tree's, `git_dir` the repository's own folder (of a work tree of its own: that
    one's). `answers_file` is relative to `root`, with `/` between its parts.
    """

    root: Path
    top: Path
    git_dir: Path
    answers_file: str

    @property
    def prefix(self) -> str:
        """What Git puts before the project's paths: empty, or a folder with a `/` at its end."""
        inside = self.root.relative_to(self.top).as_posix()
        return "" if inside == "." else f"{inside}/"

    @property
    def place(self) -> Place:
        """The project's path in the journal of its updates."""
        return Place(self.root, self.git_dir, self.prefix.rstrip("/"))

    @property
    def lock_file(self) -> str:
        """Where it is noted what the template rendered: beside the answers file."""
        return str(PurePosixPath(self.answers_file).with_suffix(".lock"))


def find_project(path: Path | None, answers_file: str | None) -> Project:
    """The project at `path`; without one, that of the current folder or of the nearest folder above that holds one.

    Raises `Refused` if it is not a project in a Git repository. One Git process.
    """
    place = _folder(path or Path())
    top, git_dir = _repository(place)
    root, name = _answers(place, top if path is None else place, answers_file)
    return Project(root, top, git_dir, name)


def locate(path: Path | None) -> Project:
    """The project at `path`, or in the current folder, that has no answers file yet; one Git process.

    Raises `Refused` if it is not a folder in a Git repository.
    """
    place = _folder(path or Path())
    top, git_dir = _repository(place)
    return Project(place, top, git_dir, USUAL[0])


def refuse_unfinished(project: Project) -> None:
    """`Refused` in the middle of a merge, a rebase or their like; one Git process, and only while there is one."""
    for name, (operation, way) in _UNFINISHED.items():
        if not (project.git_dir / name).exists():
            continue
        unmerged = {line.split("\t", 1)[1] for line in _listed(project, "ls-files", "--unmerged", "-z")}
        files = f", with unmerged files: {', '.join(sorted(unmerged))}" if unmerged else ""
        raise Refused(f"A {operation} is in progress{files}.", f"Finish it, or end it with `{way}`.")


def _listed(project: Project, *arguments: str) -> list[str]:
    return [line for line in ask_git(project.root, *arguments).split("\0") if line]


def _folder(path: Path) -> Path:
    try:
        place = path.expanduser().resolve()
        if place.is_dir():
            return place
        there = os.path.lexists(path)
    except (OSError, RuntimeError, ValueError) as error:
        raise Refused(f"{path} cannot be read: {error}", "Check the path.") from error
    said = "is not a folder" if there else "does not exist"
    raise Refused(f"{path} {said}.", "Name the project's folder.")


def _repository(place: Path) -> tuple[Path, Path]:
    if not any((parent / ".git").exists() for parent in (place, *place.parents)):
        raise _no_repository(place)
    try:
        said = ask_git(place, "rev-parse", "--show-toplevel", "--absolute-git-dir").splitlines()
    except Failed as error:
        if "not a git repository" in error.message or "must be run in a work tree" in error.message:
            raise _no_repository(place) from error
        raise Refused(f"{place}: {error.message}", "Check the repository and your access to it.") from error
    if len(said) != 2 or not place.is_relative_to(top := Path(said[0]).resolve()):
        raise _no_repository(place)
    return top, Path(said[1])


def _no_repository(place: Path) -> Refused:
    return Refused(
        f"{place} is not in a Git repository.",
        "An update can be reviewed and undone with Git: `git init`, then commit the project as it is.",
    )


def _answers(place: Path, last: Path, named: str | None) -> tuple[Path, str]:
    if named is not None:
        return place, _named(place, named)
    for folder in (place, *place.parents):
        for name in USUAL:
            if os.path.lexists(folder / name):
                return folder, name
        if folder == last:
            break
    others = sorted(path.name for pattern in ("*answers*.yml", "*answers*.yaml") for path in place.glob(pattern))
    if others:
        which = " or ".join(f"`--answers-file {name}`" for name in others)
        raise Refused(f"There is no {USUAL[0]} in {place}, but {_joined(others)}.", f"Choose one: {which}.")
    raise Refused(
        f"{place} is not a Copier project: it has no {USUAL[0]}.",
        "Name the project's folder, or its answers file with `--answers-file`.",
    )


def _named(place: Path, named: str) -> str:
    path = Path(named)
    relative = path.absolute() if path.is_absolute() else place / path
    if not os.path.lexists(relative):
        raise Refused(f"There is no answers file {named} in {place}.", "Give its path from the project's folder.")
    resolved = Path(os.path.normpath(relative))
    if not resolved.is_relative_to(place):
        raise Refused(f"The answers file {named} is outside {place}.", "Pass the project's folder as PATH.")
    return resolved.relative_to(place).as_posix()


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
