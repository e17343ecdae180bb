"""`pyo3-kit fleet`."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyo3_kit import __version__
from pyo3_kit.cli.check import words
from pyo3_kit.cli.fleet_output import put_table, watching
from pyo3_kit.cli.output import flush, print_json, put, say
from pyo3_kit.cli.output import report as tell
from pyo3_kit.errors import DONE, FAILED, Refused, from_os_error
from pyo3_kit.fleet.executors import processors
from pyo3_kit.fleet.fleetfile import USUAL, Fleet, read_fleet
from pyo3_kit.fleet.listing import lister
from pyo3_kit.fleet.merging import merged
from pyo3_kit.fleet.model import Report, from_object
from pyo3_kit.fleet.outcomes import one_line
from pyo3_kit.fleet.rollout import Run, chosen, run
from pyo3_kit.fleet.shards import Named, Shard, matrix, parse_shard, shards_of
from pyo3_kit.fleet.tasks import Operation, Options
from pyo3_kit.system.reading import RECORD, read_text
from pyo3_kit.texts.bounds import load_json

_MOST_JOBS = 16


@dataclass(frozen=True, slots=True)
class Common:
    """The options that the commands share, as they were given."""

    file: Path | None
    jobs: int | None
    filters: Sequence[str] | None
    shard: str | None
    resume: bool
    scheduler: str | None
    workspace: Path | None
    trust: bool
    html: Path | None
    as_json: bool

    @property
    def fleet(self) -> Fleet:
        """What the fleet file says; `Refused` when it is malformed."""
        return read_fleet(self.file or USUAL, lister(trust=self.trust), self.workspace)


def run_status(common: Common) -> int:
    """Print where the repositories stand; returns the exit code."""
    return _run(common, common.fleet, Operation.STATUS, Options())


def run_update(common: Common, *, dry_run: bool, verify: bool, push: bool, push_conflicts: bool) -> int:
    """Update the repositories and print what came of it; returns the exit code."""
    fleet = common.fleet
    verify = _verifies(common, fleet, verify=verify, dry_run=dry_run)
    return _run(common, fleet, Operation.UPDATE, Options(dry_run, verify, push, push_conflicts))


def run_check(common: Common, *, select: Sequence[str] | None, ignore: Sequence[str]) -> int:
    """Print what `check` finds in the repositories; returns the exit code."""
    from pyo3_kit.audit.selection import expand

    selected, ignored = words(select) if select else None, words(ignore)
    expand(selected or (), "`--select`")
    expand(ignored, "`--ignore`")
    return _run(common, common.fleet, Operation.CHECK, Options(select=selected, ignore=ignored))


def run_adopt(
    common: Common, *, only: Sequence[str], without: Sequence[str], dry_run: bool, verify: bool, push: bool
) -> int:
    """Adopt the projects that no template made, and print what came of it; returns the exit code."""
    from pyo3_kit.adoption.planning import refuse_unknown_groups

    fleet = common.fleet
    verify = _verifies(common, fleet, verify=verify, dry_run=dry_run)
    groups = words(only), words(without)
    refuse_unknown_groups((*groups[0], *groups[1]))
    options = Options(dry_run, verify, push, only=groups[0], without=groups[1])
    return _run(common, fleet, Operation.ADOPT, options)


def show_plan(common: Common, shards: int) -> int:
    """Print the fleet's parts; returns the exit code."""
    entries, refused = chosen(common.fleet, tuple(common.filters or ()), None)
    every: list[Named] = [*entries, *refused]
    if common.as_json:
        print_json(matrix(every, shards))
        return DONE
    parts = [Shard(number, shards) for number in range(1, shards + 1)]
    for wave in sorted({one.wave for one in every}):
        for part in parts:
            names = sorted(one.name for one in every if one.wave == wave and part.has(one.name))
            if names:
                put(f"wave {wave}, shard {part}: {len(names)}")
                for name in names:
                    put(f"  {one_line(name)}")
    for row in refused:
        say(one_line(f"refused: {row.name}: {row.reason}"))
    return DONE


def show_merged(files: Sequence[Path], *, plan: Path | None, html: Path | None, as_json: bool) -> int:
    """Print one report made of several; returns the exit code. `Refused` for a file that is none."""
    _refuse_page(html)
    planned = None if plan is None else shards_of(_json(plan), str(plan))
    reports = [from_object(_json(file), str(file)) for file in files]
    return _show(merged(reports, planned), html=html, as_json=as_json)


def _json(file: Path) -> Any:
    try:
        return load_json(read_text(file, RECORD, pipes=True))
    except OSError as error:
        raise from_os_error(error, f"reading {file}") from error
    except ValueError as error:
        raise Refused(f"{file} is no JSON: {error}.", "Name files that `--json` printed.") from error


def _run(common: Common, fleet: Fleet, operation: Operation, options: Options) -> int:
    # A run may be long: what `cli.main` switches off for short ones is needed here.
    gc.enable()
    if common.scheduler and common.jobs:
        raise Refused("`--jobs` does not go with `--scheduler`.", "The cluster's workers decide how much runs at once.")
    _refuse_page(common.html)
    order = Run(
        operation=operation,
        fleet=fleet,
        options=options,
        filters=tuple(common.filters or ()),
        shard=parse_shard(common.shard) if common.shard else None,
        jobs=_jobs(common, fleet),
        scheduler=common.scheduler,
        resume=common.resume,
        tool=__version__,
    )
    with watching(operation.value) as watch:
        report = run(order, watch)
    return _show(report, html=common.html, as_json=common.as_json)


def _verifies(common: Common, fleet: Fleet, *, verify: bool, dry_run: bool) -> bool:
    """Whether projects are built and tested; `Refused` when that cannot be done here."""
    wanted = (verify or fleet.verify) and not dry_run
    if wanted and common.scheduler is None:
        from pyo3_kit.build import check_tools

        check_tools("--verify")
    return wanted


def _jobs(common: Common, fleet: Fleet) -> int:
    """As many processes as there are processors, but none that would have nothing to do."""
    return common.jobs or max(1, min(processors(), _MOST_JOBS, len(fleet.entries) // 2))


def _refuse_page(html: Path | None) -> None:
    """`Refused` when the page could not be written at the end: before anything is done."""
    if html is None:
        return
    if html.is_dir():
        raise Refused(f"`--html {html}` is a folder.", "Name a file in it.")
    if not html.absolute().parent.is_dir():
        raise Refused(f"There is no folder for `--html {html}`.", "Make it, or name another file.")
    if not os.access(html if html.exists() else html.absolute().parent, os.W_OK):
        raise Refused(f"`--html {html}` may not be written.", "Name another file.")


def _show(report: Report, *, html: Path | None, as_json: bool) -> int:
    if as_json:
        print_json(report.as_object())
    else:
        put_table(report)
    flush()
    # At last, and as no error of its own: what was done has been told, in one object with `--json`.
    if html is not None:
        from pyo3_kit.fleet.page import render

        try:
            html.write_text(render(report), encoding="utf-8")
        except OSError as error:
            tell(from_os_error(error, "writing the page"), as_json=False)
            return FAILED
        say(f"The report as a page: {html}")
    return report.exit_code
