"""The commands and their options, put together; each command's work is in a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pyo3_kit import __version__
from pyo3_kit.cli import adopting, audits, fleets, listings, migrating, overlays
from pyo3_kit.errors import DONE, INTERRUPTED, REFUSED, Refused

_EXIT_CODES = """\b
Exit codes:
  0    done
  2    refused: nothing was written
  3    failed inside: nothing is left behind (after a failed build the project stays)
  130  interrupted"""

app = typer.Typer(
    name="pyo3-kit",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Make Python libraries in Rust that follow the practices of PyO3 from the first commit on.",
    epilog="""\b
Examples:
  pyo3-kit new my-lib
  pyo3-kit new my-lib --build
  pyo3-kit new my-lib --preset async-client --defaults
  pyo3-kit presets async-client
  pyo3-kit questions
  pyo3-kit update --dry-run
  pyo3-kit status
  pyo3-kit check --fix
  pyo3-kit explain PYO081
  pyo3-kit migrate --to 0.30 --dry-run

\b
Exit codes:
  0    done
  1    update: conflicts are left; status: behind, drifted or unfinished; check: something is found;
       migrate: places are left for a person
  2    refused: nothing was written
  3    failed inside: nothing is left behind (after a failed build a new project stays)
  130  interrupted""",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pyo3-kit {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command(
    epilog=f"""\b
Examples:
  pyo3-kit new my-lib                      ask, then write my-lib/
  pyo3-kit new my-lib --defaults --build   ask nothing, and build and test it
  pyo3-kit new my-lib --preset lean --data license=MIT --data ci=gitlab
  pyo3-kit new my-lib --data-file answers.yml --dry-run
  pyo3-kit new site --template gh:owner/some-copier-template --ref v2.0.0

{_EXIT_CODES}"""
)
def new(
    path: Annotated[
        str,
        typer.Argument(metavar="PATH", help="The folder to make. It may exist when it is empty.", show_default=False),
    ],
    preset: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Begin with a preset: a name, or FILE#name, gh:owner/repo#name."),
    ] = None,
    overlay: Annotated[
        list[str] | None,
        typer.Option(metavar="SRC[@REF]", help="Put an organisation's overlay on the project; may be repeated."),
    ] = None,
    data: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Answer a question; may be repeated.")
    ] = None,
    data_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Take answers from a YAML, JSON or TOML file.")
    ] = None,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Ask nothing: take the default wherever no answer is given.")
    ] = False,
    template: Annotated[
        str | None, typer.Option(metavar="SRC", help="Another Copier template: folder, Git address, gh:owner/name.")
    ] = None,
    ref: Annotated[str | None, typer.Option(metavar="REF", help="Tag, branch or commit of the template.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written, with sizes, and write nothing.")
    ] = False,
    build: Annotated[
        bool, typer.Option("--build", help="Go on: make .venv, build the module into it, run the tests.")
    ] = False,
    no_git: Annotated[bool, typer.Option("--no-git", help="Make no Git repository.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Use a folder with files in it; those replaced stay as NAME.orig.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
) -> None:
    """Make a project: ask, render, and commit it to a new Git repository.

    In a terminal the questions come page by page. Elsewhere nothing is asked: what has no default has to be given.
    """
    from pyo3_kit.cli.new import new_project
    from pyo3_kit.creation import Request
    from pyo3_kit.data import parse_assignments
    from pyo3_kit.overlays import overlay_source

    request = Request(
        path=path,
        preset=preset,
        data=parse_assignments(data or ()),
        data_file=data_file,
        template=template,
        ref=ref,
        overlays=tuple(map(overlay_source, overlay or ())),
        dry_run=dry_run,
        git=not no_git,
        force=force,
    )
    new_project(request, ask=not defaults, build=build, as_json=as_json)


listings.add_commands(app)

_UPDATE_CODES = """\b
Exit codes:
  0    done and clean, or nothing to do
  1    done, and conflicts are left for a person
  2    refused: nothing was written
  3    failed inside: the project is as it was
  130  interrupted"""

_Project = Annotated[
    Path | None,
    typer.Argument(metavar="PATH", help="The project's folder; by default the current one or the nearest above it."),
]
_AnswersFile = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="The answers file, where a folder holds projects of several templates."),
]


@app.command(
    epilog=f"""\b
Examples:
  pyo3-kit update --dry-run --diff         show what would change, and write nothing
  pyo3-kit update                          go to the newest version of the template
  pyo3-kit update --to v1.4.0 --conflicts inline
  pyo3-kit update --data async_runtime=true
  pyo3-kit update --ask                    go through all the questions again
  pyo3-kit update --continue               after deciding conflicts, or after a crash

{_UPDATE_CODES}"""
)
def update(
    path: _Project = None,
    to: Annotated[
        str | None, typer.Option(metavar="REF", help="The template's version to go to; by default the newest.")
    ] = None,
    data: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Change an answer; may be repeated.")
    ] = None,
    data_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Change answers from a YAML, JSON or TOML file.")
    ] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask all questions again, with the recorded answers as defaults.")
    ] = False,
    answers_file: _AnswersFile = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what becomes of each file and why, and write nothing.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show the unified diff as well.")] = False,
    conflicts: Annotated[
        str | None,
        typer.Option(
            metavar="HOW",
            help="ask, inline (markers, to be decided later), ours or theirs; in a terminal it asks, elsewhere inline.",
        ),
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Build and test the updated project aside before anything is written.")
    ] = False,
    rebase_on: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Compare with this version of the template instead of the recorded one."),
    ] = None,
    continue_: Annotated[
        bool, typer.Option("--continue", help="Go on after an interruption, or when conflicts are decided.")
    ] = False,
    abort: Annotated[
        bool, typer.Option("--abort", help="Undo an update that is interrupted or has conflicts.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
) -> int:
    """Bring a project up to its template: merge what the template changed into what you have.

    It works for every project that Copier made, in a Git repository. Nothing is committed.
    """
    from pyo3_kit.cli.update import abort_update, continue_update, update_project
    from pyo3_kit.data import parse_assignments
    from pyo3_kit.update.planning import UpdateRequest

    if continue_ or abort:
        others = any((to, data, data_file, ask, dry_run, diff, conflicts, verify, rebase_on, continue_ and abort))
        if others:
            name = "--continue" if continue_ else "--abort"
            raise Refused(f"`{name}` takes no option but `--answers-file` and `--json`.", "Leave the others out.")
        go = continue_update if continue_ else abort_update
        return go(path, answers_file, as_json=as_json)
    request = UpdateRequest(
        path=path,
        answers_file=answers_file,
        to=to,
        rebase_on=rebase_on,
        data=parse_assignments(data or ()),
        data_file=data_file,
        again=ask,
    )
    return update_project(request, dry_run=dry_run, diff=diff, conflicts=conflicts, verify=verify, as_json=as_json)


@app.command(
    epilog="""\b
Exit codes:
  0    the project is at the newest version, and its files are the template's or your own
  1    it is behind, an update is unfinished, or files are drifted, stale or missing
  2    refused
  3    failed inside
  130  interrupted"""
)
def status(
    path: _Project = None,
    answers_file: _AnswersFile = None,
    quick: Annotated[bool, typer.Option("--quick", help="Compare versions only, not files.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
) -> int:
    """Tell whether a project is up to its template, and where its files differ from it. Writes nothing."""
    from pyo3_kit.cli.status import show_status

    return show_status(path, answers_file, quick=quick, as_json=as_json)


adopting.add_commands(app)
audits.add_commands(app)
migrating.add_commands(app)
overlays.add_commands(app)
fleets.add_commands(app)


def run(words: list[str]) -> int:
    """Run the command that these words name; `Refused` for words that cannot be understood."""
    command = typer.main.get_command(app)
    try:
        code: Any = command.main(words, prog_name="pyo3-kit", standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except Exception as error:
        # typer carries click's errors under another name in each of its versions; this is what they share.
        described = getattr(error, "format_message", None)
        if described is None or not hasattr(error, "exit_code"):
            raise
        context = getattr(error, "ctx", None)
        page = f"{context.command_path} --help" if context else "pyo3-kit --help"
        message = described() or "No command is given."
        if error.exit_code != REFUSED:
            raise Refused(message) from error
        raise Refused(message, f"See `{page}`.") from error
    if code == INTERRUPTED:
        # Some versions of typer make this of a KeyboardInterrupt.
        raise KeyboardInterrupt
    return code if isinstance(code, int) else DONE
