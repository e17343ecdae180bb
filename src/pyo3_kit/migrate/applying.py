"""Puts a plan into the project: all of its files or none, and only over what Git can bring back."""

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
    """`Refused` when a file that the plan changes is in no repository, or has changes that no commit holds.

    One Git process.
    """
    root = plan.found.root
    if not plan.files:
        return
    if not inside_work_tree(root):
        if not allow_no_vcs:
            raise Refused(
                f"{root} is in no Git repository, so that nothing could undo the migration.",
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
            "Commit or stash that first, so that the migration can be told from it; or add `--allow-dirty`.",
            paths=dirty,
        )


def write(plan: Plan) -> None:
    """Make the project's files what the plan says, or leave them all as they are.

    After a kill in between, `finish` or `undo` brings the rest forward or back. `Refused` when a file was changed
    meanwhile, is read-only or cannot be written.
    """
    merges = [
        FileMerge(path, Outcome.UPDATED, "migrated", before, after) for path, (before, after) in plan.files.items()
    ]
    # The manifest last: as long as it names the old line, the migration is not done.
    last = next((path for path in sorted(plan.files) if path.endswith("Cargo.toml")), "")
    place = place_of(plan.found.root)
    update.apply(place, merges, last=last, meta={"from": plan.before, "to": plan.after, "by": "migrate"})


def refuse_interrupted(root: Path) -> None:
    """`Refused` when a migration of the project was killed half-way."""
    if update.state(place_of(root)) is not None:
        raise Refused(
            "A migration of this project was interrupted.",
            "Run `pyo3-kit migrate --continue` to finish it, or `pyo3-kit migrate --abort` to undo it.",
        )


def finish(root: Path) -> list[str]:
    """Bring an interrupted migration to its end; returns the files. `Refused` when there is none."""
    _refuse_settled(root, "continue")
    return list(update.resume(place_of(root)).written)


def undo(root: Path) -> None:
    """Take an interrupted migration back. `Refused` when there is none."""
    _refuse_settled(root, "undo")
    update.abort(place_of(root))


def _refuse_settled(root: Path, what: str) -> None:
    if update.state(place_of(root)) is None:
        raise Refused("No migration of this project was interrupted.", f"There is nothing to {what}.")


def place_of(root: Path) -> Place:
    """Where the journal of the project's migration is kept: its Git folder, else the user's cache."""
    if inside_work_tree(root):
        top, git_dir = (
            Path(line) for line in ask_git(root, "rev-parse", "--show-toplevel", "--absolute-git-dir").splitlines()
        )
        inside = root.relative_to(top.resolve()).as_posix()
        return Place(root, git_dir, f"{_ASIDE}/{'' if inside == '.' else inside}")
    return Place(root, cache_folder() / _ASIDE / sha256(str(root).encode()).hexdigest()[:12])
