"""The questionnaire in a real terminal: every page, Back, an invalid entry, Ctrl-C anywhere, the last page."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml

if sys.platform == "win32":
    pytest.skip("pexpect needs a pseudo-terminal", allow_module_level=True)

from tests.questionnaire.terminal import CTRL_B, CTRL_C, CTRL_U, DOWN, ENTER, ESCAPE, UP, Terminal
from tests.support.forks import Forks

pytestmark = pytest.mark.slow

Open = Callable[..., Terminal]

PROJECT = [
    "project_name",
    "python_package",
    "crate_name",
    "project_description",
    "author_name",
    "author_email",
    "repository_url",
    "license",
]
PRACTICES = ["starter", "async_runtime", "free_threaded", "bytes_feature", "disable_reference_pool"]
SEQUENCE = [*PROJECT, *PRACTICES]


@pytest.fixture
def terminal(forks: Forks, tmp_path: Path) -> Iterator[Open]:
    opened: list[Terminal] = []

    def run(*arguments: str, changes: Mapping[str, str] | None = None, output: Path | None = None) -> Terminal:
        opened.append(Terminal(forks, ["new", "my-lib", *arguments], tmp_path, changes, output))
        return opened[-1]

    yield run
    for one in opened:
        one.close()


def heading(number: int, total: int = 13) -> str:
    return f"{'Project' if number <= 8 else 'Practices'} · {number} of {total}"


def go_to(terminal: Terminal, number: int) -> None:
    """Accept the defaults until this question is on the screen; 14 is the last page."""
    for at in range(1, number):
        terminal.wait_for(heading(at), SEQUENCE[at - 1])
        terminal.type(ENTER)
    if number <= 13:
        terminal.wait_for(heading(number), SEQUENCE[number - 1])
    else:
        terminal.wait_for("Last page", "Create the project")


def answers(folder: Path) -> dict[str, object]:
    loaded = yaml.safe_load((folder / "my-lib" / ".copier-answers.yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_all_pages_with_the_defaults(terminal: Open, tmp_path: Path) -> None:
    here = terminal()
    go_to(here, 14)
    screen = here.text()
    for name in (*SEQUENCE, "pyo3", "python_min", "wheels", "starter", "layout", "ci", "docs"):
        assert f" {name} " in screen
    assert "pyproject.toml" in here.log
    assert not (tmp_path / "my-lib").exists()
    here.type(ENTER)
    assert here.wait_end() == 0
    assert "Created " in here.text()
    assert "cd my-lib" in here.text()
    assert answers(tmp_path)["project_name"] == "my-lib"


@pytest.mark.parametrize("number", range(1, 15))
def test_ctrl_c_anywhere_writes_nothing(terminal: Open, tmp_path: Path, number: int) -> None:
    here = terminal()
    go_to(here, number)
    here.type(CTRL_C)
    assert here.wait_end() == 130
    assert "Interrupted: nothing was written." in here.text()
    assert list(tmp_path.iterdir()) == []


def test_an_invalid_entry_stays_and_says_why(terminal: Open) -> None:
    here = terminal()
    go_to(here, 1)
    here.type(CTRL_U, "core", ENTER)
    screen = here.wait_for("choose another name, such as `core-rs`")
    assert heading(1) in screen
    here.type(CTRL_U, "good-name", ENTER)
    here.wait_for(heading(2), "good_name")


@pytest.mark.parametrize("key", [ESCAPE, CTRL_B])
def test_back_from_text_and_from_choices(terminal: Open, key: str) -> None:
    here = terminal()
    go_to(here, 2)
    here.type(key)
    here.wait_for(heading(1), "project_name")
    go_to_license = range(1, 8)
    for at in go_to_license:
        here.wait_for(heading(at), SEQUENCE[at - 1])
        here.type(ENTER)
    here.wait_for(heading(8), "license")
    here.type(key)
    here.wait_for(heading(7), "repository_url")


def test_back_as_an_entry_crosses_pages(terminal: Open) -> None:
    here = terminal()
    go_to(here, 9)
    here.type(UP)
    here.wait_for("» ← Back")
    here.type(ENTER)
    here.wait_for(heading(8), "license")


def test_answers_that_follow_others_follow_them_after_back(terminal: Open, tmp_path: Path) -> None:
    here = terminal()
    go_to(here, 3)
    here.type(CTRL_U, "own-crate", ENTER)
    here.wait_for(heading(4))
    for number in (3, 2, 1):
        here.type(ESCAPE)
        here.wait_for(heading(number))
    here.type(CTRL_U, "new-name", ENTER)
    here.wait_for(heading(2), "new_name")
    here.type(ENTER)
    here.wait_for(heading(3), "own-crate")
    here.type(ENTER)
    for at in range(4, 14):
        here.wait_for(heading(at))
        here.type(ENTER)
    here.wait_for("Last page")
    here.type(ENTER)
    assert here.wait_end() == 0
    found = answers(tmp_path)
    assert (found["python_package"], found["crate_name"]) == ("new_name", "own-crate")


def test_the_last_page_changes_any_answer(terminal: Open, tmp_path: Path) -> None:
    here = terminal("--data", "author_name=A")
    total = 12
    for at in range(1, total + 1):
        here.wait_for(f"{at} of {total}")
        here.type(ENTER)
    screen = here.wait_for("Last page")
    assert "async_bridge" not in screen
    here.choose("async_runtime")
    here.wait_for("Practices · change an answer")
    here.type(UP, ENTER)
    here.wait_for("Last page", "async_bridge")
    here.choose("disable_reference_pool")
    here.wait_for("Practices · change an answer")
    here.type(UP, ENTER)
    here.wait_for("Last page", "completion queue")
    here.choose("pyo3 ")
    here.wait_for("PyO3 and Python · change an answer")
    here.type(ESCAPE)
    here.wait_for("Last page")
    here.type(ENTER)
    assert here.wait_end() == 0
    found = answers(tmp_path)
    assert found["async_bridge"] == "completion-queue"
    assert (found["async_runtime"], found["disable_reference_pool"], found["author_name"]) == (True, True, "A")


def test_a_choice_that_cannot_work_is_not_offered(terminal: Open) -> None:
    here = terminal("--data", "pyo3=0.28")
    go_to(here, 14)
    here.choose("wheels")
    screen = here.wait_for("change an answer", "wheels", "← Back")
    assert "0.28 does not support abi3t" in " ".join(screen.split())
    assert " - abi3 + abi3t" in " ".join(screen.split("\n")).replace("  ", " ")


def test_an_answer_that_another_leaves_no_room_for_is_taken_back(terminal: Open) -> None:
    here = terminal()
    go_to(here, 14)
    here.choose("wheels")
    here.wait_for("change an answer", "wheels")
    here.choose("abi3 + abi3t")
    here.wait_for("Last page", "abi3 + abi3t")
    here.choose("pyo3 ")
    here.wait_for("change an answer")
    here.choose("0.28")
    here.wait_for("Last page", "wheels is reset to its default")


def test_back_from_the_last_page(terminal: Open) -> None:
    here = terminal()
    go_to(here, 14)
    here.type(ESCAPE)
    here.wait_for(heading(13), "disable_reference_pool")


def test_json_stays_alone_on_stdout(terminal: Open, tmp_path: Path) -> None:
    here = terminal("--json", output=tmp_path / "out.json")
    go_to(here, 14)
    here.type(ENTER)
    assert here.wait_end() == 0
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["answers"]["project_name"] == "my-lib"


COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|9[0-7])(?:;\d+)*m")


def test_no_color(terminal: Open) -> None:
    for changes, coloured in (({"NO_COLOR": "1"}, False), ({}, True)):
        here = terminal(changes=changes)
        go_to(here, 1)
        here.type(CTRL_C)
        assert here.wait_end() == 130
        assert "Interrupted" in here.text()
        assert bool(COLOUR.search(here.log)) is coloured


PAGED = """\
first: {type: str, default: one, choices: {The first: one, The second: two}}
second: {type: bool, default: true, help: "Is it?"}
third: {type: str, default: [a], multiselect: true, choices: [a, b]}
fourth: {type: str, default: x, secret: true}
fifth: {type: int, default: 5}
pages:
  type: yaml
  when: false
  default:
    a: {title: Page A, short: true, questions: [first, second]}
    b: {title: Page B, short: false, questions: [third, fourth]}
choice_help:
  type: yaml
  when: false
  default: {first: {one: About one., two: About two.}, second: {true: About yes.}}
"""


def test_pages_and_help_of_choices_come_from_the_template(terminal: Open, tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "template").mkdir(parents=True)
    (source / "copier.yml").write_text("_subdirectory: template\n" + PAGED)
    (source / "template" / "all.txt.jinja").write_text("{{ first }} {{ second }} {{ third }} {{ fourth }} {{ fifth }}")
    here = terminal("--template", str(source))
    here.wait_for("Page A · 1 of 3", "» The first", "About one.")
    here.type(DOWN)
    here.wait_for("» The second", "About two.")
    here.type(ENTER)
    here.wait_for("Page A · 2 of 3", "first  The second", "Is it?", "About yes.")
    here.type(ENTER)
    here.wait_for("More · 3 of 3", "fifth")
    here.type(CTRL_U, "six", ENTER)
    here.wait_for("'six' cannot be read as int")
    here.type(CTRL_U, "6", ENTER)
    here.wait_for("Last page", "Page B")
    assert "└── all.txt" in here.text()
    here.choose("third")
    here.wait_for("Page B · change an answer", "Space mark")
    here.type(DOWN, " ", ENTER)
    here.wait_for("Last page", "a, b", "••••")
    here.choose("fourth")
    here.wait_for("Page B · change an answer", "fourth")
    here.type("y", ENTER)
    here.wait_for("Last page")
    here.type(ENTER)
    assert here.wait_end() == 0
    assert (tmp_path / "my-lib" / "all.txt").read_text() == "two True ['a', 'b'] xy 6"


def test_defaults_never_ask(terminal: Open) -> None:
    here = terminal("--defaults")
    assert here.wait_end() == 0
    assert "Project ·" not in here.log
