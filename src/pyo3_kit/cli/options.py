"""Options that several commands share, each with one name and one help text; and types for values."""

from __future__ import annotations

import re

from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import label, print_json
from pyo3_kit.errors import DONE, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence
    from pathlib import Path

_CONFLICT_WAYS = ("ask", "inline", "ours", "theirs")


def add_path(parser: Parser, text: str, **more: str) -> None:
    """Add the optional argument PATH."""
    parser.argument("path", "PATH", text, nargs="?", type=path, **more)


def add_project(parser: Parser, *, answers_file: bool = False) -> None:
    """Add the argument PATH for commands that look for the answers file, and with `answers_file` its options."""
    text = "The project's folder. Default: the current folder, or the nearest parent with an answers file."
    add_path(parser, text)
    if answers_file:
        parser.option("--answers-file", "FILE", "The answers file to use, for a folder with several templates.")
        text = "In CI: a template that the project may name. Can be repeated."
        parser.option("--trust-template", "URL", text, repeated=True)


def add_data(parser: Parser) -> None:
    """Add `--data` and `--data-file`."""
    parser.option("--data", "KEY=VALUE", "Answer a question. Can be repeated.", repeated=True)
    parser.option("--data-file", "FILE", "Read answers from a YAML, JSON or TOML file.", type=path)


def add_template(parser: Parser) -> None:
    """Add `--template` and `--ref`."""
    parser.option("--template", "SRC", "Use another Copier template: a folder, a Git address, or gh:owner/name.")
    parser.option("--ref", "REF", "Tag, branch or commit of the template.")


def add_preview(parser: Parser) -> None:
    """Add `--dry-run` and `--diff`."""
    parser.flag("--dry-run", "Show what would change in each file and why; write nothing.")
    parser.flag("--diff", "Also show the changes as a unified diff.")


def add_conflicts(parser: Parser) -> None:
    """Add `--conflicts`."""
    text = "Resolve conflicts: ask, inline (markers), ours or theirs. Default: ask in a terminal, else inline."
    way = one_of("--conflicts", _CONFLICT_WAYS, "Leave it out for the default.")
    parser.option("--conflicts", "HOW", text, choices=_CONFLICT_WAYS, type=way)


def add_groups(parser: Parser) -> None:
    """Add `--only` and `--without`, the parts of the template that `adopt` applies."""
    text = (
        "Apply only these parts, comma-separated: profile, flags, lints, stubs, ci, hooks, docs; build: the first two."
    )
    parser.option("--only", "GROUPS", text, repeated=True)
    parser.option("--without", "GROUPS", "Leave these parts out.", repeated=True)


def add_rules(parser: Parser) -> None:
    """Add `--select` and `--ignore`."""
    text = "Run only these rules: ids or prefixes, ALL or DEFAULT, comma-separated."
    parser.option("--select", "RULES", text, repeated=True)
    parser.option("--ignore", "RULES", "Skip these rules.", repeated=True)


def add_continue(parser: Parser, action: str) -> None:
    """Add `--continue` and `--abort` for what an interrupted run of the command left."""
    parser.flag("--continue", f"Finish {action} that was interrupted.")
    parser.flag("--abort", f"Undo {action} that was interrupted.")


def continues(options: Namespace) -> bool:
    """Whether `--continue` or `--abort` was given; `Refused` for both."""
    go_on: bool = getattr(options, "continue")
    if go_on and options.abort:
        raise Refused("`--continue` cannot be used with `--abort`.", "Use one of them.")
    return go_on or bool(options.abort)


def say_settled(options: Namespace, root: Path, action: str) -> int:
    """Print what `--continue` or `--abort` did; returns the exit code."""
    if options.json:
        print_json({"path": str(root), "state": "undone" if options.abort else "done"})
    elif options.abort:
        label("Undone:", f"the project is as it was before the {action}.")
    else:
        label("Done:", f"the {action} is complete.")
    return DONE


def add_json(parser: Parser) -> None:
    """Add `--json`."""
    parser.flag("--json", "Print one JSON object to stdout.")


def path(value: str) -> Path:
    """A type for argparse; a help page does without `pathlib`, which takes long to import."""
    from pathlib import Path

    return Path(value)


def one_of(option: str, values: Sequence[str], hint: str) -> Callable[[str], str]:
    """A type for argparse that refuses a value which is not in the list, with this hint."""

    def check(value: str) -> str:
        if value not in values:
            raise Refused(f"`{option} {value}` is not one of {', '.join(values)}.", hint)
        return value

    return check


def number(option: str, most: int | None = None) -> Callable[[str], int]:
    """A type for argparse: a whole number from 1 to `most`."""

    def read(value: str) -> int:
        if not re.fullmatch("0*[1-9][0-9]{0,8}", value) or (most is not None and int(value) > most):
            limit = "1 or more" if most is None else f"from 1 to {most}"
            raise Refused(f"`{option} {value}` is not a number {limit}.", f"For example `{option} 4`.")
        return int(value)

    return read
