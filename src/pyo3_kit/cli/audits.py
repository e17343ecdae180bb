"""The commands `check` and `explain` with their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_CHECK_CODES = """\b
Exit codes:
  0    nothing is found
  1    something is found
  2    the input cannot be used
  3    failed inside
  130  interrupted"""


def add_commands(app: typer.Typer) -> None:
    """Put the commands to the program."""
    app.command(
        epilog=f"""\b
Examples:
  pyo3-kit check
  pyo3-kit check --statistics
  pyo3-kit check --select PYO02,PYO081 --diff
  pyo3-kit check --fix
  pyo3-kit check --format sarif > pyo3-kit.sarif
  pyo3-kit check --baseline known.json --update-baseline

{_CHECK_CODES}"""
    )(check)
    app.command()(explain)


def check(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A project, a part of one, or a file; by default the current folder.")
    ] = Path(),
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULES", help="Run these only: ids, beginnings of ids, ALL, DEFAULT; with commas between."
        ),
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULES", help="Leave these out.")] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Apply safe fixes, then tell what is left.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix or --diff: also those that change what the program does.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change as a diff, and write nothing.")
    ] = False,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text, json, sarif or github.")] = "text",
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Leave out the findings that this file knows.")
    ] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Write the findings of now to the baseline.")
    ] = False,
    statistics: Annotated[bool, typer.Option("--statistics", help="Count the findings by rule.")] = False,
) -> int:
    """Tell which practices a PyO3 project misses, and mend what is safe to mend. Any project, not only our own."""
    from pyo3_kit.cli.check import check_project

    return check_project(
        path,
        select=select,
        ignore=ignore or (),
        fix=fix,
        unsafe=unsafe_fixes,
        diff=diff,
        form=form,
        baseline=baseline,
        update_baseline=update_baseline,
        statistics=statistics,
    )


def explain(
    name: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A rule, as PYO021, or a practice, as PYO02.")
    ] = None,
) -> int:
    """Explain a rule or a practice; without an id list them all."""
    from pyo3_kit.cli.explain import explain_rule

    return explain_rule(name)
