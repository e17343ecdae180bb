"""The command `adopt` with its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_GROUPS = "profile, flags, lints, stubs, ci, hooks or docs; with commas between."


def add_commands(app: typer.Typer) -> None:
    """Put the command to the program."""
    app.command(
        epilog="""\b
Examples:
  pyo3-kit adopt --dry-run --diff
  pyo3-kit adopt --defaults --without flags
  pyo3-kit adopt bindings/python --only profile,lints --data python_min=3.11

\b
Exit codes:
  0    done, or adopted already
  2    refused: nothing was written
  3    failed inside
  130  interrupted"""
    )(adopt)


def adopt(
    path: Annotated[
        Path | None, typer.Argument(metavar="PATH", help="The project's folder; by default the current one.")
    ] = None,
    crate: Annotated[
        str | None, typer.Option(metavar="CRATE", help="The binding crate, by name or folder, where there are several.")
    ] = None,
    data: Annotated[
        list[str] | None, typer.Option("--data", "-d", metavar="KEY=VALUE", help="Give an answer. Repeatable.")
    ] = None,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Take the inferred answers and the usual groups; ask nothing.")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option(metavar="GROUPS", help=f"Take these groups of changes: {_GROUPS}")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="GROUPS", help="Leave these groups of changes out.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the answers and what becomes of each file, and write nothing.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show the unified diff as well.")] = False,
    go_on: Annotated[bool, typer.Option("--continue", help="Finish an adoption that was interrupted.")] = False,
    abort: Annotated[bool, typer.Option("--abort", help="Undo an adoption that was interrupted.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
) -> int:
    """Attach a PyO3 project that no template made to our template, so that it gets updates from then on.

    What stands is never overwritten, and code is not touched. Nothing is committed.
    """
    from pyo3_kit.cli import adopt as command
    from pyo3_kit.given_answers import parse_assignments

    if go_on or abort:
        return command.settle(path, back=abort, both=go_on and abort, as_json=as_json)
    return command.adopt_project(
        path,
        crate=crate,
        data=parse_assignments(data or ()),
        defaults=defaults,
        only=only or (),
        without=without or (),
        dry_run=dry_run,
        diff=diff,
        as_json=as_json,
    )
