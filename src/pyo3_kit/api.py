"""The commands as functions: they print nothing, ask nothing, and return what the library returns.

`pyo3_kit` has the same names, and imports this module when one of them is used.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pyo3_kit import adoption
from pyo3_kit.adoption import Adoption, AdoptRequest
from pyo3_kit.audit.engine import CheckRequest, Fixes, Report, Session
from pyo3_kit.audit.model import Severity
from pyo3_kit.audit.scope import find_scope
from pyo3_kit.audit.writing import write_texts
from pyo3_kit.creation import Created, Request, create
from pyo3_kit.migrate import applying as migration_files
from pyo3_kit.migrate import planning as migrations
from pyo3_kit.overlays import overlay_source
from pyo3_kit.update import planning as updates
from pyo3_kit.update import status as statuses
from pyo3_kit.update.applying import apply_plan
from pyo3_kit.update.settling import Side, settle_all

__all__ = [
    "CheckResult",
    "adopt_project",
    "check_project",
    "create_project",
    "migrate_project",
    "read_status",
    "update_project",
]


def create_project(
    path: str | os.PathLike[str],
    *,
    answers: Mapping[str, Any] | None = None,
    preset: str | None = None,
    overlays: Sequence[str] = (),
    template: str | None = None,
    ref: str | None = None,
    dry_run: bool = False,
    git: bool = True,
    force: bool = False,
) -> Created:
    """Create a project in the folder `path`, as `pyo3-kit new` does.

    `answers` are by question; other questions have the preset's answers or their defaults. `preset` and `overlays` are
    as on the command line (`gh:acme/kit#service`, `gh:acme/overlay@v1`), `template` is another Copier template, at the
    version `ref`. `git` commits the project to a new repository, `force` allows a folder that has files.

    Raises `Refused` for invalid input and `Failed` if a step fails; nothing is written then.
    """
    request = Request(
        path=os.fspath(path),
        preset=preset,
        data=answers or {},
        template=template,
        ref=ref,
        overlays=tuple(map(overlay_source, overlays)),
        dry_run=dry_run,
        git=git,
        force=force,
    )
    return create(request)


def read_status(
    path: str | os.PathLike[str] | None = None,
    *,
    answers_file: str | None = None,
    quick: bool = False,
    trusted_templates: Sequence[str] = (),
) -> statuses.Status:
    """Compare a project with its template, as `pyo3-kit status` does; writes nothing.

    `path` is the project's folder, by default the current one or the nearest above it that has an answers file. With
    `quick` only versions are compared, with `answers_file` only one of the project's templates. `trusted_templates` are
    templates that the project may name in CI.

    Raises `Refused` for anything but a project, and for an unavailable template.
    """
    folder = None if path is None else Path(path)
    return statuses.status(folder, answers_file, quick=quick, trusted=trusted_templates)


def update_project(
    path: str | os.PathLike[str] | None = None,
    *,
    to: str | None = None,
    answers: Mapping[str, Any] | None = None,
    answers_file: str | None = None,
    template: str | None = None,
    conflicts: Literal["inline", "ours", "theirs"] = "inline",
    dry_run: bool = False,
    trusted_templates: Sequence[str] = (),
) -> updates.Plan:
    """Update a project to the newest version of its template, or to the version `to`, as `pyo3-kit update` does.

    `answers` are new answers by question, `template` is the new address of a template that moved. Conflicts are left in
    the files (`inline`) or resolved with one side. Nothing is committed. The plan says what was done, with `dry_run`
    what would be done; if it has no `files`, there is nothing to do.

    Raises `Refused` if the project cannot be updated, e.g. because of uncommitted changes, and `Failed` if a step
    fails; the project is unchanged then.
    """
    request = updates.UpdateRequest(
        path=None if path is None else Path(path),
        answers_file=answers_file,
        to=to,
        template=template,
        data=answers or {},
        trusted=tuple(trusted_templates),
    )
    plan = updates.plan(request)
    if conflicts != "inline":
        plan = settle_all(plan, Side(conflicts))
    if plan.files and not dry_run:
        apply_plan(plan)
    return plan


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check: the `report` has the remaining findings, `fixes` has those that were fixed."""

    report: Report
    fixes: Fixes


def check_project(
    path: str | os.PathLike[str] = ".",
    *,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] = (),
    min_severity: Literal["info", "warning", "error"] = "info",
    baseline: str | os.PathLike[str] | None = None,
    fix: bool = False,
    unsafe_fixes: bool = False,
) -> CheckResult:
    """Lint a project against the practices, as `pyo3-kit check` does.

    `select` and `ignore` are rules: ids, prefixes of ids, `ALL` or `DEFAULT`. Findings in the file `baseline` are not
    reported. `fix` applies safe fixes, with `unsafe_fixes` also those that may change what the code does.

    Raises `Refused` if there is no PyO3 project, or if its settings or an argument are invalid.
    """
    request = CheckRequest(
        Path(path),
        None if select is None else tuple(select),
        tuple(ignore),
        None if baseline is None else Path(baseline),
        min_severity=Severity(min_severity),
    )
    session = Session(request)
    report, fixes = session.check(), Fixes()
    if fix or unsafe_fixes:
        fixes, report = session.fix(report, unsafe=unsafe_fixes)
        write_texts(report.root, fixes.texts)
    return CheckResult(report, fixes)


def migrate_project(
    path: str | os.PathLike[str] = ".",
    *,
    to: str,
    before: str | None = None,
    dry_run: bool = False,
    allow_dirty: bool = False,
    allow_no_vcs: bool = False,
) -> migrations.Plan:
    """Move a project's code and requirements to the PyO3 version `to`, e.g. `0.30`, as `pyo3-kit migrate` does.

    `before` is its version now, if its files do not say so. The plan's `review` lists the places to change by hand.

    Raises `Refused` if the project cannot be migrated: it does not use PyO3, `to` is not supported or older, or a file
    that changes is not committed (see `allow_dirty`, `allow_no_vcs`).
    """
    migration_files.refuse_interrupted(find_scope(Path(path)).root)
    plan = migrations.plan(migrations.MigrateRequest(Path(path), to, before))
    if not dry_run:
        migration_files.refuse_dirty(plan, allow_dirty=allow_dirty, allow_no_vcs=allow_no_vcs)
        migration_files.write(plan)
    return plan


def adopt_project(
    path: str | os.PathLike[str] | None = None,
    *,
    crate: str | None = None,
    answers: Mapping[str, Any] | None = None,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    dry_run: bool = False,
) -> Adoption:
    """Attach an existing PyO3 project to the template, as `pyo3-kit adopt --defaults` does; code is not changed.

    `crate` is the crate with the Python bindings if there are several, `answers` replace inferred ones. `only` and
    `without` are groups of files, e.g. `ci` and `lints`.

    Raises `Refused` if the project cannot be adopted, and `Failed` if a step fails; nothing is written then.
    """
    request = AdoptRequest(
        None if path is None else Path(path),
        crate=crate,
        data=answers or {},
        only=tuple(only),
        without=tuple(without),
    )
    plan = adoption.plan(request)
    if not dry_run:
        adoption.apply(plan)
    return plan
