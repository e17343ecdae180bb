"""An update in a real terminal: new questions, all questions again, conflicts one by one, Ctrl-C."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml

if sys.platform == "win32":
    pytest.skip("pexpect needs a pseudo-terminal", allow_module_level=True)

from tests.questionnaire.terminal import CTRL_C, ENTER, ESCAPE, Terminal
from tests.support.forks import Forks
from tests.update.templates import QUESTIONS, Project, Template, leftovers

pytestmark = pytest.mark.slow

Open = Callable[..., Terminal]


@pytest.fixture
def terminal(forks: Forks) -> Iterator[Open]:
    opened: list[Terminal] = []

    def run(project: Project, *words: str, changes: Mapping[str, str] | None = None) -> Terminal:
        opened.append(Terminal(forks, ["update", *words], project.root, changes))
        return opened[-1]

    yield run
    for one in opened:
        one.close()


@pytest.fixture
def conflicting(project: Project) -> Project:
    return project.edit(
        {
            "notes.txt": "one\ntwo\nthree\nfour\nfive\nsix\nSeven\n",
            "config.toml": '[tool]\nname = "x"\ncolour = "red"\nsize = 9\n',
        }
    )


def test_no_question_where_none_is_new(project: Project, terminal: Open) -> None:
    screen = terminal(project)
    assert screen.wait_end() == 0
    assert "Updated" in screen.text()


def test_only_new_questions_are_asked(template: Template, tmp_path: Path, terminal: Open) -> None:
    project = template.project(tmp_path / "project")
    more = "size:\n  type: int\n  help: How big it is.\nodd:\n  type: bool\n  default: true\n"
    template.release("v2.0.0", {"copier.yml": f"{QUESTIONS}{more}", "template/size.txt.jinja": "{{ size }}"})
    screen = terminal(project)
    screen.wait_for("New question · 1", "How big it is.")
    screen.type("x", ENTER)
    screen.wait_for("cannot be read as int")
    screen.type("\x7f", "12", ENTER)
    screen.wait_for("New question · 2", "odd")
    screen.type(ESCAPE)
    screen.wait_for("New question · 1")
    screen.type(ENTER if "12" in screen.text() else f"13{ENTER}")
    screen.wait_for("New question · 2")
    screen.choose("No")
    assert screen.wait_end() == 0
    answers = yaml.safe_load(project.text(".copier-answers.yml"))
    assert (answers["size"] in (12, 13), answers["odd"], answers["name"]) == (True, False, "x")
    assert project.text("size.txt") == str(answers["size"])


def test_all_questions_again(template: Template, tmp_path: Path, terminal: Open) -> None:
    """The recorded answers are what Enter takes; the last page shows what will be."""
    project = template.project(tmp_path / "project", colour="green")
    screen = terminal(project, "--ask")
    screen.wait_for("Questions · 1 of 3", "name")
    screen.type(ENTER)
    shown = screen.wait_for("Questions · 2 of 3", "colour")
    assert "» green" in shown
    screen.type(ENTER)
    screen.wait_for("Questions · 3 of 3", "shout")
    screen.choose("Yes")
    screen.wait_for("Questions · 4 of 4", "level")
    screen.type(ENTER)
    screen.wait_for("Last page", "Continue with the update")
    screen.type(ENTER)
    assert screen.wait_end() == 0
    answers = yaml.safe_load(project.text(".copier-answers.yml"))
    assert (answers["name"], answers["colour"], answers["shout"], answers["level"]) == ("x", "green", True, 3)
    assert project.text("loud.txt") == "LOUD 3\n"


def test_all_questions_again_and_no_change(template: Template, tmp_path: Path, terminal: Open) -> None:
    project = template.project(tmp_path / "project", colour="green")
    before = project.files()
    screen = terminal(project, "--ask")
    for number in (1, 2, 3):
        screen.wait_for(f"Questions · {number} of 3")
        screen.type(ENTER)
    screen.wait_for("Last page")
    screen.type(ENTER)
    assert screen.wait_end() == 0
    assert "Nothing to do" in screen.text()
    assert project.files() == before


def test_conflicts_one_by_one(conflicting: Project, terminal: Open) -> None:
    screen = terminal(conflicting)
    shown = screen.wait_for("config.toml · 1 of 2", "tool.size", "Skip")
    assert "yours: 9" in shown
    assert "template v2.0.0: 2" in shown
    assert "Both" not in shown
    screen.choose("The template's")
    screen.wait_for("notes.txt · 2 of 2", "Seven", "SEVEN")
    screen.choose("Both")
    assert screen.wait_end() == 0
    assert "size = 2" in conflicting.text("config.toml")
    assert conflicting.text("notes.txt").endswith("six\nSeven\nSEVEN\n")


def test_skipped_conflicts_are_left(conflicting: Project, terminal: Open) -> None:
    screen = terminal(conflicting, "--conflicts", "ask")
    screen.wait_for("config.toml · 1 of 2")
    screen.choose("Yours")
    screen.wait_for("notes.txt · 2 of 2")
    screen.choose("Skip")
    assert screen.wait_end() == 1
    assert "size = 9" in conflicting.text("config.toml")
    assert "<<<<<<< yours" in conflicting.text("notes.txt")
    assert conflicting.update("--abort").code == 0


def test_an_editor(conflicting: Project, tmp_path: Path, terminal: Open) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 'edited\\n' > \"$1\"\n")
    editor.chmod(0o755)
    screen = terminal(conflicting, changes={"GIT_EDITOR": str(editor)})
    screen.wait_for("config.toml · 1 of 2")
    screen.choose("Yours")
    screen.wait_for("notes.txt · 2 of 2")
    screen.choose("Edit")
    assert screen.wait_end() == 0
    assert conflicting.text("notes.txt") == "edited\n"


def test_inline_asks_nothing(conflicting: Project, terminal: Open) -> None:
    assert terminal(conflicting, "--conflicts", "inline").wait_end() == 1


def test_an_edited_file_that_the_template_let_go(project: Project, terminal: Open) -> None:
    project.replace("old.txt", "and", "AND")
    screen = terminal(project)
    screen.wait_for("old.txt · 1 of 1", "Keep it", "Remove it")
    screen.choose("Remove it")
    assert screen.wait_end() == 0
    assert not (project.root / "old.txt").exists()


@pytest.mark.parametrize("words", [(), ("--ask",)])
def test_ctrl_c_leaves_everything(conflicting: Project, terminal: Open, words: tuple[str, ...]) -> None:
    before = conflicting.everything()
    screen = terminal(conflicting, *words)
    screen.wait_for("1 of")
    screen.type(CTRL_C)
    assert screen.wait_end() == 130
    assert "Interrupted: nothing was written" in screen.text()
    assert conflicting.everything() == before
    assert leftovers() == set()
