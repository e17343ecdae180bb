"""`adopt` in a real terminal: inferred answers with their sources, the questionnaire, the page of groups."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pexpect needs a pseudo-terminal", allow_module_level=True)

from tests.adoption.projects import MIXED, write
from tests.questionnaire.terminal import CTRL_C, ENTER, Terminal
from tests.support.command import snapshot

pytestmark = pytest.mark.slow

QUESTIONS = 12


def to_the_groups(root: Path) -> Terminal:
    terminal = Terminal(["adopt"], root)
    for number in range(1, QUESTIONS + 1):
        terminal.wait_for(f"{number} of {QUESTIONS}")
        terminal.type(ENTER)
    terminal.wait_for("Last page", "Continue with these answers")
    terminal.type(ENTER)
    terminal.wait_for("What the template offers", "build profile", "lints")
    return terminal


def test_answers_are_shown_and_groups_are_chosen(tmp_path: Path) -> None:
    root = write(tmp_path, MIXED)
    terminal = to_the_groups(root)
    assert "certain: pyproject.toml:16" in terminal.log
    # The first group is the build profile: not that one.
    terminal.type(" ", ENTER)
    assert terminal.wait_end() == 0
    assert (root / "Cargo.toml").read_text() == MIXED["Cargo.toml"]
    assert "[tool.pyo3-kit.template]" in (root / "pyproject.toml").read_text()
    assert (root / ".copier-answers.yml").is_file()


def test_giving_up_writes_nothing(tmp_path: Path) -> None:
    root = write(tmp_path, MIXED)
    before = snapshot(root)
    terminal = to_the_groups(root)
    terminal.type(CTRL_C)
    assert terminal.wait_end() == 130
    assert snapshot(root) == before
