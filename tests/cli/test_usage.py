"""The words on the command line: help pages, mistyped words, and what they lead to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from pyo3_kit.adoption import groups
from pyo3_kit.cli.commands import COMMANDS, program
from pyo3_kit.cli.parser import Parser
from pyo3_kit.migrate.project import LINES
from tests.support.command import Result, environment

Run = Callable[..., Result]

NAMES = [name for commands in COMMANDS.values() for name in commands]


def every_parser(parser: Parser) -> Iterator[Parser]:
    """The program's parser, and those of all commands and their commands."""
    yield parser
    for name in parser.commands:
        yield from every_parser(parser.set_up(name, Parser(f"{parser.prog} {name}")))


PARSERS = {parser.prog: parser for parser in every_parser(program())}


def test_commands_are_grouped(kit: Run) -> None:
    lines = kit("--help").out.splitlines()
    titles = [line for line in lines if line.endswith(":") and not line.startswith(" ")]
    assert titles[:4] == ["Start:", "Keep current:", "Check:", "Many repositories:"]
    shown = [line.split()[0] for line in lines if line.startswith("  ") and line.split()[0] in NAMES]
    assert shown == NAMES


@pytest.mark.parametrize("name", PARSERS)
def test_summaries_are_whole(name: str) -> None:
    for commands in PARSERS[name].groups.values():
        for summary in commands.values():
            assert len(summary) <= 60
            assert not summary.endswith((".", "…"))


@pytest.mark.parametrize("name", PARSERS)
def test_every_page_is_complete_and_fits(kit: Run, name: str) -> None:
    result = kit(*name.split()[1:], "--help")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0].startswith(f"Usage: {name} [OPTIONS]")
    assert lines[2].strip()
    assert max(map(len, lines)) <= 100
    assert lines[-1].split() == ["130", *lines[-1].split()[1:]]
    for action in PARSERS[name].added:
        assert action.help
        assert action.help.endswith(".")
        for option in action.option_strings:
            assert option in result.out


def test_help_takes_the_width_of_the_terminal(tmp_path: Path) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "pyo3_kit", "update", "--help"],
        cwd=str(tmp_path),
        env=environment({"COLUMNS": None}),
        dimensions=(24, 60),
        encoding="utf-8",
        timeout=60,
    )
    text = child.read()
    child.close()
    assert child.exitstatus == 0
    assert "--rebase-on REF" in text
    assert max(len(line) for line in text.split("\r\n") if not line.startswith("  pyo3-kit")) <= 60


def test_what_help_lists_is_what_there_is(kit: Run) -> None:
    listed = " ".join(kit("adopt", "--help").out.split())
    names = [group.id for group in groups.GROUPS]
    assert f"{', '.join(names)}; build: the first two." in listed
    assert tuple(names[:2]) == groups.SETS["build"]
    assert f"{', '.join(LINES[:-1])} or {LINES[-1]}." in kit("migrate", "--help").out


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["chekc"], "Unknown command `chekc`.", "Did you mean `check`? See `pyo3-kit --help`."),
        (["fleet", "updat"], "Unknown command `updat`.", "Did you mean `update`? See `pyo3-kit fleet --help`."),
        (["zzz"], "Unknown command `zzz`.", "See `pyo3-kit --help`."),
        (["new", "a", "--dfaults"], "Unknown option `--dfaults`.", "Did you mean `--defaults`? See"),
        (["new", "--dfaults"], "Unknown option `--dfaults`.", "Did you mean `--defaults`? See"),
        (["new", "a", "--dfaults=1"], "Unknown option `--dfaults`.", "Did you mean `--defaults`? See"),
        (["new", "a", "-x"], "Unknown option `-x`.", "See `pyo3-kit new --help`."),
        (["--frob", "new"], "Unknown option `--frob`.", "See `pyo3-kit --help`."),
        (["new", "a", "--def"], "Unknown option `--def`.", "See `pyo3-kit new --help`."),
        (["--show-completion"], "Unknown option `--show-completion`.", "Did you mean `completion`?"),
        (["new"], "The following arguments are required: PATH.", "See `pyo3-kit new --help`."),
        (["new", "a", "b"], "Unexpected argument `b`.", "See `pyo3-kit new --help`."),
        (["new", "a", "--data"], "`--data` needs a value.", "is written `--data=VALUE`. See"),
        (["new", "a", "--preset", "--force"], "`--preset` needs a value.", "See `pyo3-kit new --help`."),
        (["adopt", "-d"], "`--data` needs a value.", "See `pyo3-kit adopt --help`."),
        (["new", "a", "--force=yes"], "`--force` takes no value.", "See `pyo3-kit new --help`."),
        (["fleet"], "`pyo3-kit fleet` needs a command: status, update,", "See `pyo3-kit fleet --help`."),
        (["fleet", "plan", "--shards", "0"], "`--shards 0` is not a number from 1 to 1000.", "`--shards 4`"),
        (["fleet", "plan", "--shards", "1001"], "`--shards 1001` is not a number from 1 to 1000.", "`--shards 4`"),
        (["fleet", "plan", "--shards", "9" * 5000], "is not a number from 1 to 1000.", "`--shards 4`"),
        (["fleet", "status", "-j", "two"], "`--jobs two` is not a number 1 or more.", "`--jobs 4`"),
        (
            ["check", "--format", "xml"],
            "`--format xml` is not one of text, concise, grouped, json, sarif, github.",
            "Leave it out",
        ),
        (["overlay", "remove"], "The following arguments are required: NAME.", "See `pyo3-kit overlay remove --help`."),
    ],
)
def test_mistakes_are_named_with_a_way_out(refused: Run, words: list[str], message: str, hint: str) -> None:
    lines = refused(*words).err.splitlines()
    # An error as JSON would be on stdout, which `refused` wants empty.
    assert message in lines[0]
    assert hint in lines[1]
    assert len(lines) == 2


@pytest.mark.parametrize(
    "words",
    [
        ["new", "a", "--frob", "--json"],
        ["new", "--json"],
        ["new", "--json", "a", "--data"],
        ["new", "a", "--data", "--json"],
        ["frob", "--json"],
        ["fleet", "--json"],
        ["check", "--frob", "--format", "json"],
        ["check", "--format=json", "a", "b"],
    ],
)
def test_mistakes_are_json_where_json_is_asked_for(kit: Run, words: list[str]) -> None:
    result = kit(*words)
    assert (result.code, result.err) == (2, "")
    assert result.object["exit_code"] == 2
    assert result.object["hint"]


def test_options_may_come_before_between_and_after_arguments(kit: Run, tmp_path: Path) -> None:
    for words in (
        ["--dry-run", "--json", "my-lib"],
        ["my-lib", "--dry-run", "--json"],
        ["--dry-run", "my-lib", "--json"],
        ["--dry-run", "--json", "--", "my-lib"],
    ):
        assert kit("new", *words).object["path"] == str(tmp_path / "my-lib")
    shown = kit("overlay", "add", "nowhere", "--dry-run", "elsewhere")
    assert shown.code == 2
    assert "elsewhere" in shown.err
    assert "Unexpected" not in shown.err


def test_a_value_may_hold_spaces_and_dashes(kit: Run) -> None:
    for words in (["--data", "project_description=--frob x"], ["--data=project_description=--frob x"]):
        made = kit("new", "my-lib", "--dry-run", "--json", *words).object
        assert made["answers"]["project_description"] == "--frob x"


def test_version_and_help_win_over_everything_else(kit: Run) -> None:
    assert kit("--version", "frob").out.startswith("pyo3-kit ")
    assert kit("new", "--frob", "--help").out.startswith("Usage: pyo3-kit new")
