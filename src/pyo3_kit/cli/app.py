"""The commands and their options, put together; each command's work is in a file of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from pyo3_kit import __version__
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
    epilog=f"""\b
Examples:
  pyo3-kit new my-lib
  pyo3-kit new my-lib --build
  pyo3-kit new my-lib --preset async-client --defaults
  pyo3-kit presets async-client
  pyo3-kit questions

{_EXIT_CODES}""",
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
    preset: Annotated[str | None, typer.Option(metavar="NAME", help="Begin with the answers of a preset.")] = None,
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

    request = Request(
        path=path,
        preset=preset,
        data=parse_assignments(data or ()),
        data_file=data_file,
        template=template,
        ref=ref,
        dry_run=dry_run,
        git=not no_git,
        force=force,
    )
    new_project(request, ask=not defaults, build=build, as_json=as_json)


@app.command()
def questions(
    template: Annotated[str | None, typer.Option(metavar="SRC", help="Another Copier template.")] = None,
    ref: Annotated[str | None, typer.Option(metavar="REF", help="Tag, branch or commit of the template.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
) -> None:
    """List every question: its type, choices, default, help and condition."""
    from pyo3_kit.cli.questions import list_questions

    list_questions(template, ref, as_json=as_json)


@app.command()
def presets(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Show only this one, with its answers.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
) -> None:
    """List the presets, or show one."""
    from pyo3_kit.cli.presets import show_presets

    show_presets(name, as_json=as_json)


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
    sys.stdout.flush()
    return code if isinstance(code, int) else DONE
