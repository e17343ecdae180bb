"""The commands `questions` and `presets` with their options."""

from __future__ import annotations

from typing import Annotated

import typer


def add_commands(app: typer.Typer) -> None:
    """Put the commands to the program."""
    app.command("questions")(_questions)
    app.command("presets")(_presets)


def _questions(
    template: Annotated[str | None, typer.Option(metavar="SRC", help="Another Copier template.")] = None,
    ref: Annotated[str | None, typer.Option(metavar="REF", help="Tag, branch or commit of the template.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
) -> None:
    """List every question: its type, choices, default, help and condition."""
    from pyo3_kit.cli.questions import list_questions

    list_questions(template, ref, as_json=as_json)


def _presets(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Show only this one, with what it decides; SRC#name, or SRC# to list."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
) -> int:
    """List the presets, or show one."""
    from pyo3_kit.cli.presets import show_presets

    return show_presets(name, as_json=as_json)
