"""One question: one file in questions/, one test file, one heading in the reference, one place in a page."""

from __future__ import annotations

import re
import subprocess
import sys
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
    assert included == [f"questions/{path.name}" for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_file_holds_the_question_of_its_name(path: Path) -> None:
    number, _, name = path.stem.partition("_")
    assert re.fullmatch(r"\d\d", number)
    questions = {key: value for key, value in load(path).items() if not key.startswith("_")}
    # The first and the last file hold what nobody is asked.
    assert [*questions] == [name] or all(details["when"] is False for details in questions.values())


def test_every_question_has_a_test_file_and_every_test_file_a_question() -> None:
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "questions").glob("test_*.py")}
    assert tests == set(NAMES)


def test_every_question_has_a_heading_and_every_heading_a_question(space: Space) -> None:
    headings = re.findall(r"^## `?([^`\n]+)`?$", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == asked(space)


def test_the_reference_is_not_stale() -> None:
    script = ROOT / "scripts" / "build_reference.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_question_stands_on_one_page_in_the_order_of_the_questionnaire(space: Space) -> None:
    pages = load(ROOT / "catalogue" / "pages.yml")
    assert [name for page in pages.values() for name in page["questions"]] == asked(space)


def test_every_question_says_what_it_is_about(space: Space) -> None:
    for name in asked(space):
        details = space.questions[name]
        assert details["help"].rstrip().endswith((".", ")", "?")), f"{name} has no help in sentences"
        assert "default" in details, f"{name} has no default"
        if "when" in details:
            # Copier takes data for a question that it does not ask: only a validator can refuse it.
            assert details.get("validator"), f"{name} is asked under a condition, and takes data when it is not"
