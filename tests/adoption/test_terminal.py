"""`adopt` in a real terminal: inferred answers with their sources, the questionnaire, the page of groups."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pexpect needs a pseudo-terminal", allow_module_level=True)

from tests.adoption.projects import MIXED, write
from tests.questionnaire.terminal import CTRL_C, ENTER, Terminal
from tests.support.command import snapshot
from tests.support.forks import Forks

pytestmark = pytest.mark.slow

QUESTIONS = 12


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, MIXED)


@pytest.fixture
def terminal(forks: Forks, root: Path) -> Iterator[Terminal]:
    """`adopt` of that project, at the page of groups."""
    with closing(Terminal(forks, ["adopt"], root)) as terminal:
        for number in range(1, QUESTIONS + 1):
            terminal.wait_for(f"{number} of {QUESTIONS}")
            terminal.type(ENTER)
        terminal.wait_for("Last page", "Continue with these answers")
        terminal.type(ENTER)
        terminal.wait_for("What the template offers", "build profile", "lints")
        yield terminal


def test_answers_are_shown_and_groups_are_chosen(terminal: Terminal, root: Path) -> None:
    assert "certain: pyproject.toml:16" in terminal.log
    # The first group is the build profile: not that one.
    terminal.type(" ", ENTER)
    assert terminal.wait_end() == 0
    assert (root / "Cargo.toml").read_text() == MIXED["Cargo.toml"]
    assert "[tool.pyo3-kit.template]" in (root / "pyproject.toml").read_text()
    assert (root / ".copier-answers.yml").is_file()


def test_giving_up_writes_nothing(terminal: Terminal, root: Path) -> None:
    before = snapshot(root)
    terminal.type(CTRL_C)
    assert terminal.wait_end() == 130
    assert snapshot(root) == before
