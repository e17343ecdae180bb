"""Apply a plan to the project: write all files or none, and only overwrite what Git can restore."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from pyo3_kit.errors import Refused
from pyo3_kit.git.run import ask_git, inside_work_tree
from pyo3_kit.merge.model import FileMerge, Outcome
from pyo3_kit.migrate.planning import Plan
from pyo3_kit.system.caches import cache_folder
from pyo3_kit.transaction import apply as update
from pyo3_kit.transaction.journal import Place

_ASIDE = "migrations"


def refuse_dirty(plan: Plan, *, allow_dirty: bool, allow_no_vcs: bool) -> None:
    """Raise `Refused` if a file that the plan changes is not in a repository, or has uncommitted changes.

    One Git process.
    """
    root = plan.found.root
    if not plan.files:
        return
    if not inside_work_tree(root):
        if not allow_no_vcs:
            raise Refused(
                f"{root} is not in a Git repository, so the migration could not be undone.",
                "Run `git init` and commit the project, or add `--allow-no-vcs`.",
            )
        return
    if allow_dirty:
        return
    said = ask_git(root, "status", "--porcelain=v1", "-z", "--no-renames", "--ignored", "--", *sorted(plan.files))
    dirty = sorted(entry[3:] for entry in said.split("\0") if entry)
    if dirty:
        raise Refused(
            f"Not committed: {', '.join(dirty[:10])}{' and more' if len(dirty) > 10 else ''}.",
            "Commit or stash these first, to keep the migration separate, or add `--allow-dirty`.",
            paths=dirty,
        )


def write(plan: Plan) -> None:
    """Write the plan to the project's files, or leave all of them unchanged.

    If it is killed in between, `finish` completes it and `undo` reverts it. Raises `Refused` if a file was changed
    in the meantime, is read-only or cannot be written.
    """
    merges = [
        FileMerge(path, Outcome.UPDATED, "migrated", before, after) for path, (before, after) in plan.files.items()
    ]
    # The manifest last: the migration is not done until it requires the new line.
    last = next((path for path in sorted(plan.files) if path.endswith("Cargo.toml")), "")
    place = place_of(plan.found.root)
    update.apply(place, merges, last=last, meta={"from": plan.before, "to": plan.after, "by": "migrate"})


def refuse_interrupted(root: Path) -> None:
    """Raise `Refused` if a migration of the project was interrupted."""
    if update.state(place_of(root)) is not None:
        raise Refused(
            "A migration of this project was interrupted.",
            "Run `pyo3-kit migrate --continue` to finish it, or `pyo3-kit migrate --abort` to undo it.",
        )


def finish(root: Path) -> list[str]:
    """Finish an interrupted migration; return the files. Raises `Refused` if there is none."""
    _refuse_settled(root, "continue")
    return list(update.resume(place_of(root)).written)


def undo(root: Path) -> None:
    """Undo an interrupted migration. Raises `Refused` if there is none."""
    _refuse_settled(root, "undo")
    update.abort(place_of(root))


def _refuse_settled(root: Path, what: str) -> None:
    if update.state(place_of(root)) is None:
        raise Refused("No migration of this project was interrupted.", f"There is nothing to {what}.")


def place_of(root: Path) -> Place:
    """The folder of the migration's journal: in the Git folder, or else in the user's cache."""
    if inside_work_tree(root):
        top, git_dir = (
            Path(line) for line in ask_git(root, "rev-parse", "--show-toplevel", "--absolute-git-dir").splitlines()
        )
        inside = root.relative_to(top.resolve()).as_posix()
        return Place(root, git_dir, f"{_ASIDE}/{'' if inside == '.' else inside}")
    return Place(root, cache_folder() / _ASIDE / sha256(str(root).encode()).hexdigest()[:12])
