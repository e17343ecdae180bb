"""What a run that was ended leaves for `--resume`, and what other runs in the workspace do to that."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from pyo3_kit.errors import Interrupted
from pyo3_kit.fleet.fleetfile import read_fleet
from pyo3_kit.fleet.model import Operation, Options, Row
from pyo3_kit.fleet.rollout import Run, run
from tests.fleet.small import Small

pytestmark = pytest.mark.slow

NAMES = ("a", "b", "c", "d")


class _Until:
    """Presses Ctrl-C when so many repositories are done."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.names: list[str] = []

    def begin(self, total: int, done: int) -> None:
        """Nothing."""

    def working(self, names: Sequence[str]) -> None:
        """Nothing."""

    def done(self, row: Row) -> None:
        self.names.append(row.name)
        if len(self.names) == self.number:
            raise KeyboardInterrupt


def interrupted(small: Small, number: int, *, push: bool = True) -> None:
    """An update that was ended after so many repositories."""
    file = small.root / "fleet.toml"
    file.write_text(small.text)
    fleet = read_fleet(file, lambda *_: [], None)
    order = Run(Operation.UPDATE, fleet, Options(push=push), templates=(small.templates,))
    with pytest.raises(Interrupted):
        run(order, _Until(number))


def noted(small: Small) -> set[str]:
    lines = (small.workspace / "journal-update.jsonl").read_text().splitlines()
    return {json.loads(line)["row"]["name"] for line in lines}


def said(small: Small, *words: str) -> str:
    return small.run("update", *words, "--json").err


@pytest.fixture
def ended(small: Small) -> Small:
    """A fleet of four whose update was ended after two."""
    for name in NAMES:
        small.local(name)
    interrupted(small, 2)
    assert noted(small) == {"a", "b"}
    return small


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("check",),
        ("update", "--dry-run"),
        ("update", "--filter", "d"),
        ("update", "--resume", "--filter", "d"),
    ],
)
def test_other_runs_take_nothing_from_it(ended: Small, words: tuple[str, ...]) -> None:
    ended.run(*words)
    assert noted(ended) == {"a", "b"}
    assert "2 of 4 repositories are already done" in said(ended, "--resume")
    assert not list(ended.workspace.glob("journal*"))


def test_a_run_of_the_same_begins_anew(ended: Small) -> None:
    """Also with other options: what is done with them is no longer what it was."""
    ended.run("update", "--no-push", "--filter", "a")
    assert noted(ended) == {"b"}
    assert said(ended) == ""
    assert not list(ended.workspace.glob("journal*"))


def test_other_options_go_on_with_nothing(ended: Small) -> None:
    assert said(ended, "--resume", "--no-push") == ""


def test_what_may_be_mended_is_done_again(small: Small) -> None:
    project = small.local("a").edit({"new.txt": "mine\n"}, commit=False)
    small.text += '[[repository]]\npath = "b"\n'
    for name in ("c", "d"):
        small.local(name)
    interrupted(small, 3)
    assert noted(small) == {"a", "b", "c"}
    project.commit()
    small.seed.copy(small.root / "b")
    result = small.run("update", "--resume", "--json")
    assert "1 of 4 repositories are already done" in result.err
    assert {row["state"] for row in result.object["rows"]} == {"updated"}


def test_what_was_not_to_be_pushed_is_done(small: Small) -> None:
    for name in NAMES:
        small.local(name)
    interrupted(small, 3, push=False)
    assert "3 of 4 repositories are already done" in said(small, "--resume", "--no-push")


def test_a_line_that_was_not_written_to_its_end(ended: Small) -> None:
    journal = Path(ended.workspace / "journal-update.jsonl")
    journal.write_text(journal.read_text()[:-40])
    assert "1 of 4 repositories are already done" in said(ended, "--resume")
