"""`fleet update` and `fleet adopt` of one repository: plan, verify, commit to a branch, push, request a review."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from pyo3_kit.errors import Failed, KitError
from pyo3_kit.fleet.clones import Clone, Heads
from pyo3_kit.fleet.locks import own_target
from pyo3_kit.fleet.looking import find_in, folder_in_repository, reached, uncommitted
from pyo3_kit.fleet.message import main_step, message_of, moves
from pyo3_kit.fleet.model import Ended, Operation, Row, State, Task
from pyo3_kit.fleet.outcomes import one_clause
from pyo3_kit.fleet.requests import open_request
from pyo3_kit.git.hardened import run_git
from pyo3_kit.project.answers_file import read_answers
from pyo3_kit.project.location import Project
from pyo3_kit.render.cache import Renders
from pyo3_kit.system.own_files import remove_own_tree
from pyo3_kit.update.applying import apply_plan
from pyo3_kit.update.model import Plan, UpdateRequest
from pyo3_kit.update.planning import plan
from pyo3_kit.verification import verify_update


def update(task: Task, row: Row, renders: Renders) -> Row:
    """Update or adopt the repository; nothing in it changes but a branch."""
    entry = task.entry
    local = None
    if entry.path is not None:
        local = _local_project(task)
    if local is not None and entry.base is None and task.options.dry_run:
        return _previewed(_planned(task, row, local, renders)[0])
    clone = Clone(entry, task.workspace)
    heads = clone.open()
    row, made = _planned(task, row, _found(task, clone.project), renders)
    if task.options.dry_run:
        return _previewed(row)
    if not made.files:
        return _nothing(row, clone, heads)
    if (taken := _taken(row, made, clone, heads)) is not None:
        return taken
    if made.conflicts and not task.options.push_conflicts:
        return replace(row, state=State.CONFLICTS, reason=_conflicts(made), hint=_BY_HAND)
    if task.options.verify and not made.conflicts:
        row = replace(row, verified=True)
        try:
            if not _made_before(made, clone, heads):
                with own_target(task.workspace) as target:
                    verify_update(made, target=target, quiet=True, strict=True)
        except KitError as error:
            return replace(row, state=State.FAILED, reason=one_clause(error.message), hint=_LOOK)
    commit = _committed(made, clone, heads)
    return _pushed(task, replace(row, commit=commit), made, clone, heads)


_BY_HAND = "Run `pyo3-kit update` in the project, or push it with the markers in it: `--push-conflicts`."
_LOOK = "Run `pyo3-kit update --verify` in the project to see more."


def _local_project(task: Task) -> Project:
    """The project of a local repository; raises `Ended` if it has uncommitted changes."""
    entry = task.entry
    assert entry.path is not None
    project = _found(task, entry.path / entry.folder)
    if dirty := uncommitted(project):
        what = "path is" if dirty == 1 else "paths are"
        raise Ended(State.DIRTY, f"{dirty} {what} not committed", "Commit or stash the changes, then run this again.")
    return project


def _found(task: Task, place: Path) -> Project:
    """The project at `place`; for an adoption, without an answers file."""
    if task.operation is not Operation.ADOPT:
        return find_in(task.entry, place)
    return folder_in_repository(task.entry, place)


def _plan(task: Task, project: Project, renders: Renders) -> Plan:
    """The plan, with a default for every new question."""
    entry, options = task.entry, task.options
    if task.operation is not Operation.ADOPT:
        if (ahead := _ahead(task, project, renders)) is not None:
            return ahead
        return plan(UpdateRequest(path=project.root, answers_file=entry.answers_file, to=entry.to), renders=renders)
    from pyo3_kit import adoption

    request = adoption.AdoptRequest(project.root, only=options.only, without=options.without, to=entry.to)
    made = adoption.plan(request, renders=renders)
    if made.already:
        # The newest version was not looked up.
        return Plan(made.project, made.template, made.version, "", made.answers, made.answers)
    return Plan(made.project, made.template, "", made.version, {}, made.answers, made.files, warnings=made.notes)


def _ahead(task: Task, project: Project, renders: Renders) -> Plan | None:
    """An empty plan for a project that is beyond the target version; None for all others."""
    if task.entry.to is None:
        return None
    recorded = read_answers(project.root / project.answers_file)
    versions = renders.versions(recorded.source, project.root)
    base, pinned = versions.at(recorded.commit), versions.at(task.entry.to)
    if base.commit == pinned.commit or not reached(base, pinned):
        return None
    return Plan(project, recorded.source, base.commit, pinned.commit, recorded.answers, recorded.answers)


def _planned(task: Task, row: Row, project: Project, renders: Renders) -> tuple[Row, Plan]:
    made = _plan(task, project, renders)
    template, before, after = main_step(made)
    row = replace(
        row,
        state=State.CURRENT,
        template=template,
        version=before or None,
        newest=after or None,
        branch=task.entry.branch,
        changes=sum(merge.writes for merge in made.files),
        conflicts=tuple(sorted({conflict.path for conflict in made.conflicts})),
        warnings=made.warnings,
    )
    if not made.files:
        return replace(row, branch=None), made
    return replace(row, state=State.WOULD_UPDATE, reason=moves(made)), made


def _previewed(row: Row) -> Row:
    if not row.conflicts:
        return row
    return replace(row, state=State.CONFLICTS, reason=f"{row.reason}: to resolve in {', '.join(row.conflicts)}")


def _nothing(row: Row, clone: Clone, heads: Heads) -> Row:
    """The row if there is nothing to do: the branch may be merged, and is left alone."""
    if heads.branch is None:
        return row
    row = replace(row, branch=clone.entry.branch, commit=heads.branch, pushed=True)
    merged = clone.is_merged(heads) or clone.is_ours(heads.branch)
    return (
        replace(row, state=State.MERGED, reason="the update is merged")
        if merged
        else replace(row, reason=f"it is up to date without the branch {clone.entry.branch}, which has other commits")
    )


def _taken(row: Row, made: Plan, clone: Clone, heads: Heads) -> Row | None:
    """The row of a repository whose branch someone else has changed; None if it can be rebuilt."""
    if heads.branch is None or clone.is_ours(heads.branch) or clone.is_merged(heads):
        return None
    row = replace(row, commit=heads.branch, pushed=True)
    if _records(made, clone, heads.branch):
        return replace(row, state=State.UPDATED, reason="someone else has changed the branch, which is left alone")
    return replace(
        row,
        state=State.UNPUSHED,
        commit=None,
        pushed=False,
        reason=f"{clone.entry.branch} has commits by someone else, which are left alone",
        hint="Merge or delete the branch, or set another `branch`.",
    )


def _made_before(made: Plan, clone: Clone, heads: Heads) -> bool:
    """Whether the branch is exactly this update, which was verified before it was pushed."""
    return heads.branch is not None and clone.is_on(heads.branch, heads) and _records(made, clone, heads.branch)


def _records(made: Plan, clone: Clone, commit: str) -> bool:
    """Whether the answers file of a commit is at the target version."""
    if made.overlays:
        # Each has its version in another file, which is not compared.
        return False
    path = f"{made.project.prefix}{made.project.answers_file}"
    try:
        return made.after in re.findall(r"^_commit: (.+)$", run_git(clone.folder, "show", f"{commit}:{path}"), re.M)
    except Failed:
        return False


def _conflicts(made: Plan) -> str:
    paths = sorted({conflict.path for conflict in made.conflicts})
    return f"{len(made.conflicts)} to resolve, in {', '.join(paths)}"


def _committed(made: Plan, clone: Clone, heads: Heads) -> str:
    place = made.project.place
    with clone.busy():
        apply_plan(made)
        commit = clone.commit(message_of(made), heads)
        # Conflicts are committed for the reviewer; the clone does not need the journal to undo them.
        remove_own_tree(place.folder)
    return commit


def _push_hint(said: str, branch: str) -> str:
    """The hint for a push that the remote rejected."""
    if "stale info" in said or "fetch first" in said:
        return "The branch was changed in the meantime: run this again."
    if "checked out" in said:
        return f"Check out another branch than {branch} there, then run this again."
    if "cannot lock ref" in said or "directory file conflict" in said:
        return f"Another branch's name conflicts with {branch}: delete it, or set another `branch`."
    return "Check your access to it, then run this again."


def _pushed(task: Task, row: Row, made: Plan, clone: Clone, heads: Heads) -> Row:
    entry = task.entry
    assert row.commit is not None
    reason = moves(made)
    if not task.options.push:
        return replace(row, state=State.UNPUSHED, reason=f"{reason}; the commit is in {clone.shown}")
    if row.commit != heads.branch:
        try:
            clone.push(row.commit, heads)
        except Failed as error:
            return replace(
                row,
                state=State.UNPUSHED,
                reason=f"the remote rejected {entry.branch}: {one_clause(error.message)}",
                hint=f"The commit is in {clone.shown}. {_push_hint(error.message, entry.branch)}",
            )
    else:
        reason = f"{reason}; pushed before"
    state = State.ADOPTED if task.operation is Operation.ADOPT else State.UPDATED
    row = replace(row, state=state, reason=reason, pushed=True)
    if made.conflicts:
        row = replace(row, state=State.CONFLICTS, reason=f"pushed with markers: {_conflicts(made)}")
    if entry.request is None or entry.path is not None:
        return row
    base = (heads.base_name or "").removeprefix("refs/heads/")
    try:
        address, note = open_request(
            entry, clone.folder, base, message_of(made), draft=bool(made.conflicts), fresh=row.commit != heads.branch
        )
    except KitError as error:
        return replace(row, state=State.UNREQUESTED, reason=one_clause(error.message), hint=error.hint)
    return replace(row, request=address, reason=f"{row.reason}; {note}" if note else row.reason)
