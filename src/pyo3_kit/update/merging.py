"""Merge the three sides of an update: migrations first, on base and ours alike, then file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import File, FileMerge, Labels, Outcome, Tree
from pyo3_kit.merge.tree import merge_trees
from pyo3_kit.project.checkout import Checkout, is_pointer
from pyo3_kit.project.location import Project
from pyo3_kit.project.worktree import read_candidates, read_ours

_NAMED = 5
"""How many files a warning names; of more it gives the number."""

if TYPE_CHECKING:
    from pyo3_kit.codemods import Applied, Context, Migrations


@dataclass(frozen=True, slots=True)
class Sides:
    """What the template rendered before and now, and how it wants the project's files to be treated."""

    project: Project
    base: Tree
    theirs: Tree
    leaves_alone: Callable[[str], bool]
    seed: Callable[[str], bool]
    labels: Labels


@dataclass(frozen=True, slots=True)
class Merged:
    """The result for each file, the applied migrations, and the edited files that the template no longer has."""

    files: tuple[FileMerge, ...]
    migrations: tuple[Applied, ...]
    left: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def merge_sides(sides: Sides, migrations: Migrations, before: Context, after: Context) -> Merged:
    """Read the project, and merge what the template changed into it."""
    from pyo3_kit.codemods.selection import selected

    known = {*sides.base, *sides.theirs}
    checkout = Checkout(sides.project)
    real = read_ours(sides.project, sorted(known))
    absent = [path for path in sorted(known) if path not in real]
    if absent:
        real |= checkout.left_out(absent)
    missing = {path: file for path, file in sides.base.items() if path not in real}
    wanted = {pattern for step in selected(migrations.of("code"), before, after) for pattern in step.files}
    listed = [path for path in checkout.index if path not in known] if missing or wanted else []
    if missing:
        real |= read_candidates(sides.project, missing, known, listed)
    if wanted:
        from pyo3_kit.codemods.code import matcher

        matchers = [matcher(pattern) for pattern in sorted(wanted)]
        real |= read_ours(sides.project, [path for path in listed if any(matches(path) for matches in matchers)])

    _refuse_pointers(real, sides)
    on_disk, real = real, checkout.with_known_modes(real, sides.base)
    base, ours, theirs = dict(sides.base), dict(real), dict(sides.theirs)
    untouched = []
    for path in sorted(known):
        if not sides.leaves_alone(path):
            continue
        # As Copier has it: an existing one is never touched, and one that is missing is made again.
        base.pop(path, None)
        if path in ours:
            theirs.pop(path, None)
            file = ours.pop(path)
            untouched.append(
                FileMerge(path, Outcome.UNCHANGED, "the template leaves an existing one alone", file, file)
            )

    applied: Sequence[Applied] = ()
    if wanted:
        base, ours, applied = _migrated(base, ours, migrations, before, after)
    merges = merge_trees(base, ours, theirs, seed=sides.seed, labels=sides.labels)
    files = _with_ignored(_as_they_are(merges, real, ours, applied), checkout, missing, sides.base)
    # What is written replaces what is on the disk, whatever Git knows of its mode.
    files = [replace(merge, ours=on_disk.get(merge.path)) if merge.writes and merge.ours else merge for merge in files]
    checkout.refuse_hidden(path for merge in files if merge.writes for path in (merge.path, merge.source) if path)
    left = tuple(
        merge.path
        for merge in merges
        if merge.outcome is Outcome.KEPT and merge.ours is not None and merge.path in base and merge.path not in theirs
    )
    return Merged((*files, *untouched), tuple(applied), left, tuple(_left_behind(sides, files, checkout)))


def _left_behind(sides: Sides, files: Sequence[FileMerge], checkout: Checkout) -> Iterator[str]:
    """A warning for each folder that the template renamed while the project has files of its own in it."""
    renamed = {
        PurePosixPath(merge.source).parent: PurePosixPath(merge.path).parent
        for merge in files
        if merge.source is not None and merge.source in sides.base and merge.path in sides.theirs
    }
    kept = {parent for path in sides.theirs for parent in PurePosixPath(path).parents}
    for before, after in sorted(renamed.items()):
        if before in kept or any(parent in renamed and parent not in kept for parent in before.parents):
            continue
        own = [path for path in checkout.index if path.startswith(f"{before}/") and path not in sides.base]
        if own:
            more = f" and {len(own) - _NAMED} more" if len(own) > _NAMED else ""
            yield (
                f"The template renamed {before} to {after}; these files of yours stay in {before}: "
                f"{', '.join(own[:_NAMED])}{more}. Move them where they belong, for example with `git mv`."
            )


def _refuse_pointers(real: Tree, sides: Sides) -> None:
    """`Refused` when Git LFS has left a pointer in the place of a file that the template changes."""
    pointers = [
        path
        for path, file in sides.base.items()
        if path in real and is_pointer(real[path], file) and sides.theirs.get(path) != file
    ]
    if pointers:
        raise Refused(
            f"Git LFS has not fetched what the update would change: {', '.join(sorted(pointers))}.",
            "Fetch the files with `git lfs pull`, and run the command again.",
        )


def _with_ignored(merges: Sequence[FileMerge], checkout: Checkout, missing: Tree, base: Tree) -> list[FileMerge]:
    """The merges, with the real reason for files that are missing only because Git ignores them.

    An ignored file that the user edited is not written: Git could not bring it back.
    """
    absent = {merge.path for merge in merges if merge.outcome is Outcome.KEPT and merge.path in missing}
    edited = {
        merge.path
        for merge in merges
        if merge.outcome in (Outcome.MERGED, Outcome.CONFLICT) and merge.ours and merge.path in base
    }
    ignored = checkout.ignored([*absent, *edited]) if absent or edited else set()
    found: list[FileMerge] = []
    for merge in merges:
        if merge.path in ignored & absent:
            why = merge.reason.replace("you deleted it", "Git ignores it, and it is not in this checkout")
            merge = replace(merge, reason=why)
        elif merge.path in ignored & edited and merge.source is None:
            why = "Git ignores it, so your edits could not be brought back; take over what the template changed"
            merge = FileMerge(merge.path, Outcome.KEPT, why, merge.ours, merge.ours)
        found.append(merge)
    return found


def _migrated(
    base: Tree, ours: Tree, migrations: Migrations, before: Context, after: Context
) -> tuple[dict[str, File], dict[str, File], list[Applied]]:
    from pyo3_kit.codemods import code_migrations

    moved_base, _ = code_migrations(migrations, base, before, after)
    moved_ours, applied = code_migrations(migrations, ours, before, after)
    return moved_base, moved_ours, applied


def _as_they_are(
    merges: Sequence[FileMerge], real: Tree, migrated: Tree, applied: Sequence[Applied]
) -> list[FileMerge]:
    """The merges with the project's actual content as ours, and the files that only a migration changed."""
    titles: dict[str, list[str]] = {}
    for migration in applied:
        for path in migration.paths:
            titles.setdefault(path, []).append(migration.title)
    found = []
    for merge in merges:
        path = merge.source if merge.source is not None and merge.path not in real else merge.path
        changed = real.get(path) != migrated.get(path)
        if merge.ours is not None:
            merge = replace(merge, ours=real.get(merge.path, merge.ours))
        if changed and merge.outcome in (Outcome.UNCHANGED, Outcome.KEPT) and merge.result == migrated.get(path):
            reason = _by(titles.get(path, []))
            if merge.outcome is Outcome.KEPT:
                reason = f"{merge.reason}; {reason}"
            merge = replace(merge, outcome=Outcome.MERGED, reason=reason)
        elif changed and merge.result == merge.ours and merge.outcome is not Outcome.CONFLICT:
            merge = replace(merge, outcome=Outcome.UNCHANGED)
        found.append(merge)
    done = {merge.path for merge in found} | {merge.source for merge in found}
    for path, file in migrated.items():
        if path not in done and file != real.get(path):
            found.append(FileMerge(path, Outcome.MERGED, _by(titles.get(path, [])), real.get(path), file))
    return found


def _by(titles: Sequence[str]) -> str:
    return f"migrated: {'; '.join(titles)}" if titles else "migrated"
