"""`fleet status` and `fleet check` of one repository. Local ones are read in place, others in a clone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pyo3_kit.audit.advisories import pyo3_facts
from pyo3_kit.audit.engine import CheckRequest, Report, Session
from pyo3_kit.audit.model import Severity
from pyo3_kit.errors import KitError, Refused
from pyo3_kit.fleet.clones import Clone
from pyo3_kit.fleet.model import Drift, Ended, Entry, Findings, Row, State, Task
from pyo3_kit.git.hardened import git_says_yes, run_git
from pyo3_kit.project.answers_file import read_answers
from pyo3_kit.project.location import USUAL, Project, find_project, locate
from pyo3_kit.render.cache import Renders
from pyo3_kit.template.versions import Version
from pyo3_kit.update.comparing import Kind
from pyo3_kit.update.status import Status
from pyo3_kit.update.status import status as project_status


def status(task: Task, row: Row, renders: Renders) -> Row:
    """The repository's status against its template, the findings of `check`, and its PyO3."""
    project = find_in(task.entry, _place(task))
    found = project_status(project.root, task.entry.answers_file, renders=renders)
    newest, is_behind, distance = _distance(task.entry, project, found, renders)
    counted = _kinds(found)
    state, reason = _standing(found, task.entry.to, is_behind=is_behind, newest=newest)
    dirty = uncommitted(project) if task.entry.path else 0
    if dirty and state is not State.UNFINISHED:
        state, reason = State.DIRTY, f"{dirty} {'path is' if dirty == 1 else 'paths are'} not committed"
    row = replace(
        row,
        state=state,
        reason=reason,
        template=found.template,
        version=found.version,
        newest=newest,
        behind=distance,
        drift=Drift(*(counted[kind] for kind in (Kind.CUSTOMISED, Kind.DRIFTED, Kind.STALE, Kind.MISSING))),
        updated=run_git(project.root, "log", "-1", "--format=%cs", "--", project.answers_file) or None,
        warnings=found.warnings,
    )
    try:
        return _with_findings(row, *_checked(project.root, task))
    except KitError:
        # Not every project of a fleet depends on PyO3.
        return row


def check(task: Task, row: Row) -> Row:
    """The findings of `check` in the repository, whether or not Copier created it."""
    place = _place(task)
    if not place.is_dir():
        raise _gone(place, task.entry)
    _refuse_bare(task.entry, place)
    top = place
    for _ in PurePosixPath(task.entry.folder).parts:
        top = top.parent
    if not place.resolve().is_relative_to(top.resolve()):
        what = f"the folder {task.entry.folder} is a link to the outside of the repository"
        raise Ended(State.REFUSED, what, "Use the folder itself.")
    try:
        session, report = _checked(place, task)
    except Refused as error:
        if not any(place.rglob("Cargo.toml")):
            raise Ended(State.FOREIGN, error.message, "Remove it from the fleet.") from error
        raise
    row = _with_findings(row, session, report)
    if not report.findings:
        return replace(row, state=State.CURRENT)
    number = len(report.findings)
    return replace(row, state=State.FOUND, reason=f"{number} finding{'' if number == 1 else 's'}")


def find_in(entry: Entry, place: Path) -> Project:
    """The project at `place`, in the repository of `entry`; raises `Ended` if there is none."""
    if not place.is_dir():
        raise _gone(place, entry)
    _refuse_bare(entry, place)
    try:
        project = find_project(place, entry.answers_file)
    except Refused as error:
        answers = [entry.answers_file] if entry.answers_file else USUAL
        if any((place / name).exists() for name in answers) or not git_says_yes(place, "rev-parse", "--git-dir"):
            raise
        raise Ended(State.FOREIGN, error.message, "Remove it from the fleet, or adopt it.") from error
    return _at_top(project, entry)


def folder_in_repository(entry: Entry, place: Path) -> Project:
    """The folder at `place` as a project, with or without an answers file; raises `Ended` if it does not exist."""
    if not place.is_dir():
        raise _gone(place, entry)
    _refuse_bare(entry, place)
    return _at_top(locate(place), entry)


def _refuse_bare(entry: Entry, place: Path) -> None:
    """Raise `Ended` for a local repository without a working tree that has to be read in place."""
    top = entry.path
    if top is None or place != top / entry.folder or (top / ".git").exists() or not (top / "objects").is_dir():
        return
    if run_git(top, f"--git-dir={top}", "rev-parse", "--is-bare-repository") == "true":
        raise Ended(State.BROKEN, "it is a bare repository", f'Use `url = "{top.as_uri()}"`.')


def _at_top(project: Project, entry: Entry) -> Project:
    # A folder with a damaged repository would be mistaken for part of an enclosing one.
    if project.top / entry.folder != project.root:
        raise Ended(
            State.BROKEN, f"{project.root} is not the root of a Git repository", "Check the repository with `git fsck`."
        )
    return project


def uncommitted(project: Project) -> int:
    """The number of uncommitted paths in the working tree."""
    return len(run_git(project.top, "--no-optional-locks", "status", "--porcelain").splitlines())


def _gone(place: Path, entry: Entry) -> Ended:
    if entry.folder:
        return Ended(State.GONE, f"the folder {entry.folder} does not exist in it", "Check `folder` in the fleet file.")
    return Ended(State.GONE, f"the folder {place} does not exist", "Check the path, or remove it from the fleet.")


def _place(task: Task) -> Path:
    """The folder in which to read the project."""
    entry = task.entry
    if entry.path is not None and entry.base is None:
        return entry.path / entry.folder
    if entry.path is not None and not entry.path.is_dir():
        raise _gone(entry.path, replace(entry, folder=""))
    clone = Clone(entry, task.workspace)
    clone.open()
    return clone.project


def _distance(entry: Entry, project: Project, found: Status, renders: Renders) -> tuple[str, bool, int | None]:
    """The target version, whether the project is behind it, and by how many releases."""
    recorded = read_answers(project.root / project.answers_file)
    versions = renders.versions(recorded.source, project.root)
    newest, is_behind = found.newest, found.behind
    if entry.to is not None:
        base, pinned = versions.at(recorded.commit), versions.at(entry.to)
        newest, is_behind = pinned.commit, not reached(base, pinned)
    if not is_behind:
        return newest, False, 0
    names = versions.released()
    if found.version not in names:
        return newest, True, None
    passed = names[names.index(found.version) + 1 :]
    if newest in passed:
        return newest, True, passed.index(newest) + 1
    # A version newer than all releases counts as one more.
    return newest, True, len(passed) + 1


def reached(base: Version, pinned: Version) -> bool:
    """Whether a project at `base` has reached the version `pinned`, or is beyond it."""
    if base.commit == pinned.commit:
        return True
    return base.order is not None and pinned.order is not None and base.order >= pinned.order


def _standing(found: Status, pinned: str | None, *, is_behind: bool, newest: str) -> tuple[State, str]:
    if found.pending is not None:
        return State.UNFINISHED, f"an earlier update is unfinished ({found.pending})"
    if is_behind:
        return State.BEHIND, f"at {found.version}, newest {newest}"
    for overlay in found.overlays:
        if overlay.behind and pinned is None:
            return State.BEHIND, f"overlay {overlay.name} at {overlay.version}, newest {overlay.newest}"
    kinds = _kinds(found)
    differing = {kind.value: kinds[kind] for kind in Kind if kind is not Kind.CUSTOMISED and kinds[kind]}
    if differing:
        return State.DRIFTED, ", ".join(f"{number} {word}" for word, number in differing.items())
    if found.waiting:
        return State.DRIFTED, f"not merged yet: {', '.join(found.waiting)}"
    return State.CURRENT, ""


def _kinds(found: Status) -> Counter[Kind]:
    """The number of differing files by kind, including those of overlays."""
    return Counter(file.kind for one in (found, *found.overlays) for file in one.files or ())


def _checked(place: Path, task: Task) -> tuple[Session, Report]:
    session = Session(CheckRequest(place, task.options.select, task.options.ignore, processes=1))
    return session, session.check()


def _with_findings(row: Row, session: Session, report: Report) -> Row:
    severities = Counter(one.severity for one in report.findings)
    line, advisories = pyo3_facts(session.project) if session.project else (None, ())
    return replace(
        row,
        findings=Findings(*(severities[kind] for kind in (Severity.ERROR, Severity.WARNING, Severity.INFO))),
        rules=dict(sorted(Counter(one.rule for one in report.findings).items())),
        pyo3=line,
        advisories=advisories,
    )
