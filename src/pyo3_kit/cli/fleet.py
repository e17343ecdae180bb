"""`pyo3-kit fleet`, with its commands `status`, `update`, `check`, `adopt`, `plan` and `report`."""

from __future__ import annotations

from argparse import Namespace

from pyo3_kit.cli.options import add_groups, add_json, add_rules, number, path
from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import flush, print_json, report, say, show_plan, split_names
from pyo3_kit.errors import DONE, FAILED, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyo3_kit.fleet.fleetfile import Fleet
    from pyo3_kit.fleet.model import Operation, Options, Report
    from pyo3_kit.fleet.shards import Named

_EXIT_CODES = {
    0: "every repository is up to date",
    1: "at least one needs attention",
    2: "refused: a mistake in the fleet file, or another run uses the workspace",
    130: "interrupted: no repository is left half-changed, continue with `--resume`",
}


def set_up(parser: Parser) -> None:
    """Add the commands."""
    parser.examples = """
pyo3-kit fleet status                    the repositories in ./fleet.toml, one row each
pyo3-kit fleet update --dry-run          show what an update would do
pyo3-kit fleet update --verify           build and test, then push a branch for each
pyo3-kit fleet status --json --html fleet.html
pyo3-kit fleet plan --shards 4 --json    a matrix for CI; each job runs `--shard 2/4`
"""
    parser.exit_codes |= _EXIT_CODES
    for name, summary, set_up_command, run in (
        ("status", "List repositories with version, drift and findings", _set_up_status, _status),
        ("update", "Update repositories: branch, commit, push, pull request", _set_up_update, _update),
        ("check", "Lint repositories; count the findings of each rule", _set_up_check, _check),
        ("adopt", "Attach existing PyO3 projects to the template", _set_up_adopt, _adopt),
        ("plan", "List repositories by wave and shard, e.g. for CI", _set_up_plan, _plan),
        ("report", "Merge the reports of several shards into one", _set_up_report, _report),
    ):
        parser.add_command("Commands", name, summary, set_up_command, run)


def _set_up_status(parser: Parser) -> None:
    parser.description = "List the repositories, one row each: version, drift, findings, PyO3. Changes nothing."
    _add_trust(parser)
    _add_run_options(parser)


def _set_up_update(parser: Parser) -> None:
    parser.description = (
        "Update every repository to the newest version of its template: a branch, a commit, a push and a pull request "
        "for each.\n\nOnly that branch is changed. Run the command again to refresh branches that are not merged."
    )
    _add_write_options(parser)
    parser.flag("--push-conflicts", "Also push updates with conflict markers, to be resolved by hand.")
    _add_trust(parser)
    _add_run_options(parser)


def _set_up_check(parser: Parser) -> None:
    add_rules(parser)
    _add_run_options(parser)


def _set_up_adopt(parser: Parser) -> None:
    parser.description = "Attach existing PyO3 projects to the template, with a branch and a pull request for each."
    add_groups(parser)
    _add_write_options(parser)
    _add_run_options(parser)


def _set_up_plan(parser: Parser) -> None:
    from pyo3_kit.fleet.shards import MOST

    parser.description = "List the repositories by wave and shard, with `--json` as a matrix for CI. Opens none."
    parser.exit_codes |= {2: _EXIT_CODES[2]}
    text = "Number of shards. Default: 1."
    parser.option("--shards", "N", text, type=number("--shards", MOST), default=1)
    _add_selection(parser)
    add_json(parser)


def _set_up_report(parser: Parser) -> None:
    parser.exit_codes |= _EXIT_CODES | {2: "refused: a file is not a report", 130: "interrupted"}
    parser.argument("files", "FILE", "Reports printed with `--json`.", nargs="+", type=path)
    parser.option("--plan", "FILE", "The output of `fleet plan --json`: only its shards need a report.", type=path)
    _add_output(parser)


def _add_write_options(parser: Parser) -> None:
    parser.flag("--dry-run", "Report what would be done; commit nothing.")
    parser.flag("--verify", "Build and test each project with its changes before pushing them.")
    parser.flag("--no-push", "Keep the commits in the workspace.")


def _add_trust(parser: Parser) -> None:
    text = "A template that repositories may name. Can be repeated."
    parser.option("--trust-template", "URL", text, repeated=True)


def _add_run_options(parser: Parser) -> None:
    parser.exit_codes |= _EXIT_CODES
    text = "Number of processes. Default: one per processor."
    parser.option("--jobs", "N", text, short="-j", type=number("--jobs"))
    parser.option("--shard", "I/N", "Only this part of the fleet, e.g. 2/4.")
    parser.flag("--resume", "Continue an interrupted run: skip what it finished.")
    parser.option("--scheduler", "ADDRESS", "Run on the Dask cluster at this address, e.g. tcp://host:8786.")
    _add_selection(parser)
    _add_output(parser)


def _add_selection(parser: Parser) -> None:
    text = "The fleet file. Default: fleet.toml in the current folder."
    parser.argument("file", "FLEET.toml", text, nargs="?", type=path)
    parser.option("--filter", "PATTERN", "Only repositories whose name matches. Can be repeated.", repeated=True)
    parser.option("--workspace", "FOLDER", "Folder for clones, instead of `workspace` in the fleet file.", type=path)
    parser.flag("--trust", "Run the programs with which the fleet file lists repositories.")


def _add_output(parser: Parser) -> None:
    parser.option("--html", "FILE", "Also write the report as one HTML page.", type=path)
    add_json(parser)


def _read_fleet(options: Namespace) -> Fleet:
    """The fleet file's content; `Refused` when it is malformed."""
    from pyo3_kit.fleet.fleetfile import USUAL, read_fleet
    from pyo3_kit.fleet.listing import lister

    return read_fleet(options.file or USUAL, lister(trust=options.trust), options.workspace)


def _status(options: Namespace) -> int:
    from pyo3_kit.fleet.model import Operation, Options

    return _execute(options, _read_fleet(options), Operation.STATUS, Options())


def _update(options: Namespace) -> int:
    from pyo3_kit.fleet.model import Operation, Options

    fleet = _read_fleet(options)
    verify = _verifies(options, fleet)
    task = Options(options.dry_run, verify, not options.no_push, options.push_conflicts)
    return _execute(options, fleet, Operation.UPDATE, task)


def _check(options: Namespace) -> int:
    from pyo3_kit.audit.selection import expand
    from pyo3_kit.fleet.model import Operation, Options

    selected = split_names(options.select) if options.select else None
    ignored = split_names(options.ignore)
    expand(selected or (), "`--select`")
    expand(ignored, "`--ignore`")
    return _execute(options, _read_fleet(options), Operation.CHECK, Options(select=selected, ignore=ignored))


def _adopt(options: Namespace) -> int:
    from pyo3_kit.adoption.groups import expand_groups
    from pyo3_kit.fleet.model import Operation, Options

    fleet = _read_fleet(options)
    verify = _verifies(options, fleet)
    only, without = split_names(options.only), split_names(options.without)
    expand_groups((*only, *without))
    task = Options(options.dry_run, verify, not options.no_push, only=only, without=without)
    return _execute(options, fleet, Operation.ADOPT, task)


def _plan(options: Namespace) -> int:
    from pyo3_kit.fleet.outcomes import one_line
    from pyo3_kit.fleet.rollout import select_entries
    from pyo3_kit.fleet.shards import matrix
    from pyo3_kit.fleet.table import plan_lines

    entries, refused = select_entries(_read_fleet(options), tuple(options.filter), None)
    repositories: list[Named] = [*entries, *refused]
    if options.json:
        # GitHub would take another key for a dimension of the matrix.
        print_json(matrix(repositories, options.shards), versioned=False)
        return DONE
    show_plan(plan_lines(repositories, options.shards), None, dry_run=True)
    for row in refused:
        say(one_line(f"refused: {row.name}: {row.reason}"))
    return DONE


def _report(options: Namespace) -> int:
    from pyo3_kit.fleet.merging import merged, read_plan, read_report
    from pyo3_kit.fleet.page.writing import refuse_unwritable

    refuse_unwritable(options.html)
    planned = None if options.plan is None else read_plan(options.plan)
    return _show(merged([read_report(file) for file in options.files], planned), options)


def _execute(options: Namespace, fleet: Fleet, operation: Operation, task: Options) -> int:
    import gc

    from pyo3_kit import __version__
    from pyo3_kit.cli.fleet_output import watching
    from pyo3_kit.fleet.executors import usual_jobs
    from pyo3_kit.fleet.page.writing import refuse_unwritable
    from pyo3_kit.fleet.rollout import Run, run
    from pyo3_kit.fleet.shards import parse_shard

    # A run may be long: garbage collection, which `cli.main` switches off for short ones, is needed here.
    gc.enable()
    if options.scheduler and options.jobs:
        raise Refused("`--jobs` cannot be used with `--scheduler`.", "The cluster decides how many run at once.")
    refuse_unwritable(options.html)
    order = Run(
        operation=operation,
        fleet=fleet,
        options=task,
        filters=tuple(options.filter),
        shard=parse_shard(options.shard) if options.shard else None,
        jobs=options.jobs or usual_jobs(len(fleet.entries)),
        scheduler=options.scheduler,
        resume=options.resume,
        tool=__version__,
        templates=tuple(getattr(options, "trust_template", ())),
    )
    with watching(operation.value) as watch:
        finished = run(order, watch)
    return _show(finished, options)


def _verifies(options: Namespace, fleet: Fleet) -> bool:
    """Whether projects are built and tested; `Refused` when that cannot be done here."""
    wanted: bool = (options.verify or fleet.verify) and not options.dry_run
    if wanted and options.scheduler is None:
        from pyo3_kit.build import check_tools

        check_tools("--verify")
    return wanted


def _show(finished: Report, options: Namespace) -> int:
    from pyo3_kit.cli.fleet_output import put_table

    if options.json:
        print_json(finished.as_object())
    else:
        put_table(finished)
    flush()
    # Last, and reported on stderr only: with `--json` stdout already has the one object, of what was done.
    if options.html is not None:
        from pyo3_kit.fleet.page.writing import write_page

        try:
            write_page(finished, options.html)
        except Refused as error:
            report(error, as_json=False)
            return FAILED
        say(f"Report page: {options.html}")
    return finished.exit_code
