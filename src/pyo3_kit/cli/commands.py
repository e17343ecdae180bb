"""The commands by group; each is a file here of the same name, which is imported when the command is used."""

from __future__ import annotations

from functools import partial

from pyo3_kit import __version__
from pyo3_kit.cli.parser import Parser

COMMANDS = {
    "Start": {
        "new": "Create a project from the template",
        "adopt": "Attach an existing PyO3 project to the template",
        "questions": "List the template's questions with choices and defaults",
        "presets": "List the presets, or show one",
        "serve": "Answer the questions in a browser, and see the project",
    },
    "Keep current": {
        "status": "Check whether a project is up to date with its template",
        "update": "Update a project to a newer version of its template",
        "overlay": "Manage your organisation's changes to the template",
        "migrate": "Move a PyO3 project to a newer version of PyO3",
    },
    "Check": {
        "check": "Lint a PyO3 project; `--fix` applies safe fixes",
        "explain": "Explain a rule or a practice, or list all of them",
    },
    "Many repositories": {
        "fleet": "Check, update or adopt many repositories at once",
    },
    "Shell": {
        "completion": "Print a completion script for your shell",
    },
}


def program() -> Parser:
    """The parser of `pyo3-kit` itself."""
    parser = Parser("pyo3-kit")
    parser.description = "Create and maintain Python libraries written in Rust that follow PyO3's best practices."
    parser.examples = """
pyo3-kit new my-lib                       ask questions, then create my-lib/
pyo3-kit new my-lib --defaults --build    ask nothing; build and test the project
pyo3-kit update --dry-run                 show what an update would change
pyo3-kit check --fix                      apply safe fixes, report the rest
pyo3-kit explain PYO081                   what a rule is about
pyo3-kit migrate --to 0.30 --dry-run      preview a move to PyO3 0.30
"""
    parser.exit_codes |= {1: "the command found something that needs attention: see `pyo3-kit COMMAND --help`"}
    for group, commands in COMMANDS.items():
        for name, summary in commands.items():
            parser.add_command(group, name, summary, partial(_load, name))
    return parser.add_usual_options(version=f"pyo3-kit {__version__}\n")


def _load(name: str, parser: Parser) -> None:
    """Set up a command by its module, which has `set_up(parser)` and, unless it is a group, `run(options)`."""
    from importlib import import_module

    command = import_module(f"pyo3_kit.cli.{name}")
    command.set_up(parser)
    if not parser.commands:
        parser.set_defaults(run=command.run)
