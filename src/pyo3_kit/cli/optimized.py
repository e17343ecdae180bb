"""What `python -OO` leaves out of the command line, put back."""

from __future__ import annotations

import typer

from pyo3_kit.system.docstrings import docstring_of


def restore_help(group: typer.Typer) -> None:
    """Give the commands their docstrings back, which typer shows as their help."""
    for command in group.registered_commands:
        if command.callback is not None:
            command.callback.__doc__ = docstring_of(command.callback)
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            restore_help(inner.typer_instance)
