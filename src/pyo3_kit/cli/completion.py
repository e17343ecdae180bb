"""`pyo3-kit completion`."""

from __future__ import annotations

from argparse import Namespace

from pyo3_kit.cli.options import one_of
from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import put_own
from pyo3_kit.errors import DONE

SHELLS = ("bash", "zsh", "fish", "powershell")


def set_up(parser: Parser) -> None:
    """Add the arguments."""
    parser.description = (
        "Print a script that completes commands, options and file names. Load it in your shell's start-up file, or "
        "save it where your shell looks for completions."
    )
    parser.examples = """
eval "$(pyo3-kit completion bash)"                              in ~/.bashrc
eval "$(pyo3-kit completion zsh)"                               in ~/.zshrc, after compinit
pyo3-kit completion fish | source                               in ~/.config/fish/config.fish
pyo3-kit completion powershell | Out-String | Invoke-Expression    in $PROFILE
"""
    shell = one_of("completion", SHELLS, "For example `pyo3-kit completion bash`.")
    parser.argument("shell", "SHELL", f"One of {', '.join(SHELLS)}.", choices=SHELLS, type=shell)


def run(options: Namespace) -> int:
    """Print the script; returns the exit code."""
    import shtab

    from pyo3_kit.cli.commands import program

    parser = program()
    _expand(parser)
    put_own(shtab.complete(parser, shell=options.shell))
    return DONE


def _expand(parser: Parser) -> None:
    """Set up all commands below the parser, in the form that shtab reads: argparse's sub-parsers."""
    import shtab

    kinds = {"FILE": shtab.FILE, "FLEET.toml": shtab.FILE, "PATH": shtab.DIRECTORY, "FOLDER": shtab.DIRECTORY}
    for action in parser.added:
        if action.metavar in kinds:
            action.complete = kinds[action.metavar]  # type: ignore[attr-defined] # for shtab
    if not parser.commands:
        return
    commands = parser.add_subparsers()
    for rows in parser.groups.values():
        for name, summary in rows.items():
            command = parser.set_up(name, commands.add_parser(name, help=summary))
            command.description = summary
            _expand(command)
