"""The page on the command line, the README and the help name the same commands and options, in both directions."""

from __future__ import annotations

import re

import pytest

from pyo3_kit.cli.commands import COMMANDS, program
from pyo3_kit.cli.parser import Parser
from tests.support.template import ROOT

NAMES = [name for commands in COMMANDS.values() for name in commands]
PAGE = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
PAGES = {
    "new": ("command-line.md", "## new", "## questions"),
    "update": ("updates.md", "## update", "### What"),
    "check": ("check.md", "", ""),
    "fleet": ("fleet.md", "## Options", "## "),
}
"""Where the options of a command have a table: the page, and the headings around it."""


def options_of(parser: Parser) -> set[str]:
    """The long options of a command and of its commands."""
    listed = {name for action in parser.added for name in action.option_strings if name.startswith("--")}
    for name in parser.commands:
        listed |= options_of(parser.set_up(name, Parser(f"{parser.prog} {name}")))
    return listed - {"--help"}


def parser_of(name: str) -> Parser:
    return program().set_up(name, Parser(f"pyo3-kit {name}"))


def test_the_page_lists_the_commands_as_help_does() -> None:
    rows = re.findall(r"^\| \[`(\S+)`\]\(#(\S+)\) \| (.+) \|$", PAGE, re.MULTILINE)
    assert [(name, summary) for name, _, summary in rows] == [
        (name, summary) for commands in COMMANDS.values() for name, summary in commands.items()
    ]
    headings = {re.sub(r"[^a-z-]", "", title.replace(" ", "-")) for title in re.findall(r"^## (.+)$", PAGE, re.M)}
    assert {anchor for _, anchor, _ in rows} <= headings


def test_the_readme_lists_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `pyo3-kit (\w+)", readme, re.MULTILINE)) == set(NAMES)


@pytest.mark.parametrize("name", PAGES)
def test_tables_of_options_are_complete(name: str) -> None:
    file, start, end = PAGES[name]
    text = (ROOT / "docs/reference" / file).read_text(encoding="utf-8")
    if start:
        text = text.partition(f"\n{start}\n")[2].partition(f"\n{end}")[0]
    rows = "\n".join(line.partition(" | ")[0] for line in text.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"--[a-z][a-z-]+", rows)) == options_of(parser_of(name))


def test_pages_name_no_option_that_there_is_not() -> None:
    known = {option for name in NAMES for option in options_of(parser_of(name))} | options_of(program())
    named = set(re.findall(r"`(--[a-z][a-z-]+)", PAGE))
    assert named <= known | {"--help"}
