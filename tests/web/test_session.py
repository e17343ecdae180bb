"""What answers come to: the same questions, words and bytes as in the terminal and from `new`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pyo3_kit.errors import Refused
from pyo3_kit.project.files import read_tree
from pyo3_kit.web.looks import Look
from pyo3_kit.web.session import Session
from pyo3_kit.web.wanted import Wanted
from tests.support.command import run_kit
from tests.web.foreign import QUESTIONS


def questions(look: Look) -> dict[str, dict[str, Any]]:
    return {question["name"]: question for page in look.pages for question in page["questions"]}


def site_lines(look: Look) -> list[str]:
    assert look.files is not None, look.message
    return look.files["site.txt"].content.decode().splitlines()


def test_every_question_of_a_foreign_template_is_there(site: Session) -> None:
    everything = Wanted(answers={"deploys": "true", "tools": ["pytest"], "target": "cluster"})
    assert list(questions(site.look(everything))) == [name for name in yaml.safe_load(QUESTIONS) if name[0] != "_"]


def test_conditions_and_refused_choices_follow_the_answers(site: Session) -> None:
    look = site.look(Wanted(answers={"deploys": "true"}))
    assert "machines" not in questions(look)
    assert [choice["refused"] for choice in questions(look)["target"]["choices"]] == ["", "a cluster needs pytest"]
    assert "target" not in questions(site.look(Wanted(answers={"deploys": "false", "target": "machine"})))


def test_the_words_of_a_refusal_are_the_templates(site: Session) -> None:
    look = site.look(Wanted(answers={"project_name": "My Site"}))
    assert look.files is None
    assert look.problems == {"project_name": "use lower-case letters, not My Site"}
    assert questions(look)["project_name"]["error"] == look.problems["project_name"]
    strict = site.look(Wanted(answers={"target": "machine", "colour": "red"}), strict=True)
    assert strict.files is None
    assert set(strict.problems) == {"target", "colour"}


@pytest.mark.parametrize(
    ("given", "expected"), [(["ruff", "pytest"], "ruff pytest"), ("mypy", "mypy"), ("", ""), ('["mypy"]', "mypy")]
)
def test_a_list_is_what_a_form_or_json_makes_of_it(site: Session, given: Any, expected: str) -> None:
    assert site_lines(site.look(Wanted(answers={"tools": given})))[1] == expected


def test_a_secret_is_rendered_and_neither_shown_nor_recorded(site: Session) -> None:
    look = site.look(Wanted(answers={"token": "s3cret"}))
    assert look.files is not None
    assert look.files["secret.txt"].content == b"s3cret\n"
    assert look.secrets == ["token"]
    assert questions(look)["token"]["value"] == ""
    assert "s3cret" not in str(look.pages) + str(look.recorded)
    assert "s3cret" not in Wanted(answers=look.explicit).link("", look.secrets)


def test_templates_see_no_place_of_the_server(site: Session) -> None:
    look = site.look(Wanted(answers={"project_name": "blog"}))
    assert look.files is not None
    assert look.files["place.txt"].content == b"blog\n"


@pytest.mark.parametrize("name", ["../../etc", "..", "/etc/passwd", "a/b", "a\\b", "a\nb", "", "x" * 300, "ä"])
def test_the_folder_is_a_plain_name(site: Session, name: str) -> None:
    assert site.look(Wanted(answers={"project_name": name})).folder == "my-lib"


def test_an_answer_is_taken_as_in_the_terminal(ours: Session) -> None:
    start = Wanted(answers={"async_runtime": "true", "async_bridge": "completion-queue"})
    # What equals its default follows other answers again.
    assert ours.change(start, "async_bridge", "pyo3-async-runtimes").wanted.answers == {"async_runtime": "true"}
    changed = ours.change(start, "async_runtime", "false")
    assert changed.wanted.answers == {}
    assert changed.notes == ["async_bridge is reset to its default"]
    assert ours.change(Wanted(), "project_name", "geo").wanted.answers == {"project_name": "geo"}


def test_a_preset_can_be_changed(ours: Session) -> None:
    changed = ours.change(Wanted("lean"), "ci", "github")
    assert changed.wanted == Wanted("lean", {"ci": "github"})
    look = ours.look(changed.wanted)
    assert [one["question"] for one in look.decided] == ["starter", "hooks", "ci"]
    assert look.recorded["ci"] == "github"
    assert ours.change(changed.wanted, "ci", "none").wanted == Wanted("lean")
    with pytest.raises(Refused, match="no preset `other`"):
        ours.look(Wanted("other"))


def test_a_render_has_the_bytes_of_new(ours: Session, tmp_path: Path) -> None:
    # Git knows the author here, and the server does not ask it.
    author = {"author_name": "Ada", "author_email": "ada@example.org"}
    answers = {"project_name": "geo-index", "layout": "workspace", "bytes_feature": "true", **author}
    data = [word for name, value in answers.items() for word in ("--data", f"{name}={value}")]
    made = run_kit("new", "geo-index", "--defaults", "--no-git", "--preset", "lean", *data, folder=tmp_path)
    assert made.code == 0, made.err
    assert ours.look(Wanted("lean", answers)).files == read_tree(tmp_path / "geo-index")
