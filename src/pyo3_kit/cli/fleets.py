"""The commands `pyo3-kit fleet …`, with their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pyo3_kit.errors import Refused
from pyo3_kit.fleet.shards import MOST

_CODES = """\b
Exit codes:
  0    nothing is left for a person
  1    something is: see the rows that are not current, updated or merged
  2    refused: the fleet file, or another run in the workspace
  3    failed inside
  130  interrupted: every repository is whole, `--resume` goes on"""

fleet = typer.Typer(
    name="fleet",
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Look after many repositories at once: see where they stand, bring them up to date.",
    epilog=f"""\b
Examples:
  pyo3-kit fleet status                    the repositories of ./fleet.toml, a row each
  pyo3-kit fleet update --dry-run          what an update would do
  pyo3-kit fleet update --verify           build and test, then push a branch for each
  pyo3-kit fleet status --json --html fleet.html
  pyo3-kit fleet plan --shards 4 --json    a matrix for CI; each job runs `--shard 2/4`

{_CODES}""",
)


def add_commands(app: typer.Typer) -> None:
    """Put the commands to the program."""
    app.add_typer(fleet)


_File = Annotated[
    Path | None,
    typer.Argument(metavar="[FLEET.toml]", help="The fleet file; by default `fleet.toml` in the current folder."),
]
_Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", metavar="N", min=1, help="Processes; by default one for each processor."),
]
_Filter = Annotated[
    list[str] | None,
    typer.Option("--filter", metavar="PATTERN", help="Only repositories with such a name; may be repeated."),
]
_Shard = Annotated[str | None, typer.Option(metavar="I/N", help="Only this part of the fleet, as in 2/4.")]
_Resume = Annotated[bool, typer.Option("--resume", help="Go on with a run that was ended: leave out what it did.")]
_Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Work on the Dask cluster at this address, as tcp://host:8786.")
]
_Workspace = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Where clones are kept, instead of the fleet file's `workspace`.")
]
_Trust = Annotated[bool, typer.Option("--trust", help="Run the programs by which the fleet file lists repositories.")]
_TrustTemplate = Annotated[
    list[str] | None,
    typer.Option("--trust-template", metavar="URL", help="A template that repositories may name; may be repeated."),
]
_Html = Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as one HTML page as well.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]


@fleet.command(epilog=_CODES)
def status(
    file: _File = None,
    jobs: _Jobs = None,
    filters: _Filter = None,
    shard: _Shard = None,
    resume: _Resume = False,
    scheduler: _Scheduler = None,
    workspace: _Workspace = None,
    trust: _Trust = False,
    trust_template: _TrustTemplate = None,
    html: _Html = None,
    as_json: _Json = False,
) -> int:
    """Tell where every repository stands: version, distance, drift, findings, PyO3, advisories. Changes none."""
    from pyo3_kit.cli.fleet import Common, run_status

    common = Common(file, jobs, filters, shard, resume, scheduler, workspace, trust, html, as_json, trust_template)
    return run_status(common)


@fleet.command(epilog=_CODES)
def update(
    file: _File = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would come of it; commit nothing.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Build and test each project with the update in it before it is pushed.")
    ] = False,
    no_push: Annotated[bool, typer.Option("--no-push", help="Leave the commits in the workspace.")] = False,
    push_conflicts: Annotated[
        bool, typer.Option("--push-conflicts", help="Push updates with conflict markers too, for a person to decide.")
    ] = False,
    jobs: _Jobs = None,
    filters: _Filter = None,
    shard: _Shard = None,
    resume: _Resume = False,
    scheduler: _Scheduler = None,
    workspace: _Workspace = None,
    trust: _Trust = False,
    trust_template: _TrustTemplate = None,
    html: _Html = None,
    as_json: _Json = False,
) -> int:
    """Bring every repository up to its template: a branch, a commit, a push, a pull request for each.

    Nothing but that branch changes in a repository. Running it again refreshes the branch, and leaves what is merged.
    """
    from pyo3_kit.cli.fleet import Common, run_update

    common = Common(file, jobs, filters, shard, resume, scheduler, workspace, trust, html, as_json, trust_template)
    return run_update(common, dry_run=dry_run, verify=verify, push=not no_push, push_conflicts=push_conflicts)


@fleet.command(epilog=_CODES)
def check(
    file: _File = None,
    select: Annotated[
        list[str] | None, typer.Option(metavar="RULES", help="Run these only, as in `pyo3-kit check`.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULES", help="Leave these out.")] = None,
    jobs: _Jobs = None,
    filters: _Filter = None,
    shard: _Shard = None,
    resume: _Resume = False,
    scheduler: _Scheduler = None,
    workspace: _Workspace = None,
    trust: _Trust = False,
    html: _Html = None,
    as_json: _Json = False,
) -> int:
    """Tell which practices the repositories miss, by rule, whether Copier made them or not."""
    from pyo3_kit.cli.fleet import Common, run_check

    common = Common(file, jobs, filters, shard, resume, scheduler, workspace, trust, html, as_json)
    return run_check(common, select=select, ignore=ignore or ())


@fleet.command(epilog=_CODES)
def adopt(
    file: _File = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="GROUPS", help="Take these parts of the template only.")
    ] = None,
    without: Annotated[list[str] | None, typer.Option(metavar="GROUPS", help="Leave these parts out.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would come of it; commit nothing.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Build and test each project with the template before it is pushed.")
    ] = False,
    no_push: Annotated[bool, typer.Option("--no-push", help="Leave the commits in the workspace.")] = False,
    jobs: _Jobs = None,
    filters: _Filter = None,
    shard: _Shard = None,
    resume: _Resume = False,
    scheduler: _Scheduler = None,
    workspace: _Workspace = None,
    trust: _Trust = False,
    html: _Html = None,
    as_json: _Json = False,
) -> int:
    """Bring PyO3 projects that no template made to ours: a branch, a commit, a push, a pull request for each."""
    from pyo3_kit.cli.fleet import Common, run_adopt

    common = Common(file, jobs, filters, shard, resume, scheduler, workspace, trust, html, as_json)
    return run_adopt(common, only=only or (), without=without or (), dry_run=dry_run, verify=verify, push=not no_push)


@fleet.command()
def plan(
    file: _File = None,
    shards: Annotated[
        int, typer.Option(metavar="N", min=1, max=MOST, help="Into how many parts to cut the fleet.")
    ] = 1,
    filters: _Filter = None,
    workspace: _Workspace = None,
    trust: _Trust = False,
    as_json: _Json = False,
) -> int:
    """List the repositories by wave and shard; with --json as a matrix for CI. Looks at none of them."""
    from pyo3_kit.cli.fleet import Common, show_plan

    return show_plan(Common(file, None, filters, None, False, None, workspace, trust, None, as_json), shards)


@fleet.command()
def report(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Reports that `--json` printed.")],
    plan: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="What `fleet plan --json` printed: a shard that it leaves out has no report."
        ),
    ] = None,
    html: _Html = None,
    as_json: _Json = False,
) -> int:
    """Make one report of several shards' ones, and end as one run would have. A shard without a report is told."""
    from pyo3_kit.cli.fleet import show_merged

    if not files:
        raise Refused("No report is named.", "Name the files that `--json` printed.")
    return show_merged(files, plan=plan, html=html, as_json=as_json)
