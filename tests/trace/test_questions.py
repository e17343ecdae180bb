"""One question: one file in questions/, one test file, one heading in the reference, one place in a page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.space import Space
from tests.support.template import ROOT

FILES = sorted((ROOT / "questions").glob("*.yml"))
NAMES = [path.stem.partition("_")[2] for path in FILES]
REFERENCE = ROOT / "docs" / "reference" / "questions.md"


def asked(space: Space) -> list[str]:
    return [name for name in space.questions if not space.hidden(name)]


def load(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8").replace("!include", ""))
    return data


def test_copier_reads_the_files_in_the_order_of_their_numbers() -> None:
    included = re.findall(r"^!include (\S+)$", (ROOT / "copier.yml").read_text(encoding="utf-8"), re.MULTILINE)
    expected = [f"questions/{path.name}" for path in FILES]
    assert included == expected, "Write one `!include` line per file of questions/ in copier.yml, in their order."


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_file_holds_the_question_of_its_name(path: Path) -> None:
    number, _, name = path.stem.partition("_")
    assert re.fullmatch(r"\d\d", number)
    questions = {key: value for key, value in load(path).items() if not key.startswith("_")}
    # The first and the last file hold what nobody is asked.
    assert [*questions] == [name] or all(details["when"] is False for details in questions.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_question_has_a_test_file(name: str) -> None:
    assert (ROOT / "tests" / "questions" / f"test_{name}.py").is_file(), f"Write tests/questions/test_{name}.py."


def test_every_test_file_has_a_question() -> None:
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "questions").glob("test_*.py")}
    assert tests <= set(NAMES), f"Delete the tests of questions that do not exist: {sorted(tests - set(NAMES))}."


def test_every_question_has_a_heading_and_every_heading_a_question(space: Space) -> None:
    headings = re.findall(r"^## `?([^`\n]+)`?$", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == asked(space), "Run `python dev.py docs`."


def test_every_question_stands_on_one_page_in_the_order_of_the_questionnaire(space: Space) -> None:
    pages = load(ROOT / "catalogue" / "pages.yml")
    placed = [name for page in pages.values() for name in page["questions"]]
    assert placed == asked(space), "Write each question into one page of catalogue/pages.yml, as ordered in copier.yml."


def test_every_question_says_what_it_is_about(space: Space) -> None:
    for name in asked(space):
        details = space.questions[name]
        assert details["help"].rstrip().endswith((".", ")", "?")), f"Write a help of whole sentences for {name}."
        assert "default" in details, f"Write a default for {name}."
        if "when" in details:
            # Copier takes data for a question that it does not ask: only a validator can refuse it.
            assert details.get("validator"), f"Write a validator that refuses {name} while it is not asked."
