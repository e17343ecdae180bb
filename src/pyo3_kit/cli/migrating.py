"""The command `migrate` with its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def add_commands(app: typer.Typer) -> None:
    """Put the command to the program."""
    app.command(
        epilog="""\b
Examples:
  pyo3-kit migrate --to 0.30 --dry-run --diff
  pyo3-kit migrate --to 0.30 --verify
  pyo3-kit migrate bindings/python --from 0.22 --to 0.28

\b
Exit codes:
  0    done, and nothing is left to look at
  1    done, and places are left for a person
  2    refused: nothing was written
  3    failed inside
  130  interrupted"""
    )(migrate)


def migrate(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="The project, or a part of one; by default the current folder.")
    ] = Path(),
    to: Annotated[str | None, typer.Option("--to", metavar="LINE", help="0.28, 0.29 or 0.30.")] = None,
    before: Annotated[
        str | None,
        typer.Option("--from", metavar="LINE", help="The line that the project is on, where its files do not tell."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change, and write nothing.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show the changes as a diff.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Run `cargo check` before and after, and show what it says.")
    ] = False,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="Change files that have uncommitted changes, too.")
    ] = False,
    allow_no_vcs: Annotated[
        bool, typer.Option("--allow-no-vcs", help="Change a project that is in no Git repository.")
    ] = False,
    go_on: Annotated[bool, typer.Option("--continue", help="Finish a migration that was interrupted.")] = False,
    abort: Annotated[bool, typer.Option("--abort", help="Undo a migration that was interrupted.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
) -> int:
    """Move a PyO3 project to a later line of PyO3: its code, its requirements. Any project, from PyO3 0.21 on."""
    from pyo3_kit.cli import migrate as command

    if go_on or abort:
        return command.settle(path, back=abort, both=go_on and abort, as_json=as_json)
    return command.migrate_project(
        path,
        to=to,
        before=before,
        dry_run=dry_run,
        diff=diff,
        verify=verify,
        allow_dirty=allow_dirty,
        allow_no_vcs=allow_no_vcs,
        as_json=as_json,
    )
