"""The three sides of an update brought together: migrations first, on base and ours alike, then file by file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyo3_kit.merge.model import File, FileMerge, Labels, Outcome, Tree
from pyo3_kit.merge.tree import merge_trees
from pyo3_kit.project.location import Project
from pyo3_kit.project.worktree import list_files, read_candidates, read_ours

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
    """What becomes of each file, what migrations did, and which edited files the template has left behind."""

    files: tuple[FileMerge, ...]
    migrations: tuple[Applied, ...]
    left: tuple[str, ...]


def merge_sides(sides: Sides, migrations: Migrations, before: Context, after: Context) -> Merged:
    """Read the project, and merge what the template changed into it."""
    from pyo3_kit.codemods.selection import selected

    known = {*sides.base, *sides.theirs}
    real = read_ours(sides.project, sorted(known))
    missing = {path: file for path, file in sides.base.items() if path not in real}
    wanted = {pattern for step in selected(migrations.of("code"), before, after) for pattern in step.files}
    listed = [path for path in list_files(sides.project) if path not in known] if missing or wanted else []
    if missing:
        real |= read_candidates(sides.project, missing, known, listed)
    if wanted:
        from pyo3_kit.codemods.code import matcher

        matchers = [matcher(pattern) for pattern in sorted(wanted)]
        real |= read_ours(sides.project, [path for path in listed if any(matches(path) for matches in matchers)])

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
    files = _as_they_are(merges, real, ours, applied)
    left = tuple(
        merge.path
        for merge in merges
        if merge.outcome is Outcome.KEPT and merge.ours is not None and merge.path in base and merge.path not in theirs
    )
    return Merged((*files, *untouched), tuple(applied), left)


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
    """The merges with what really stands in the project as ours, and those files that only a migration changed."""
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
