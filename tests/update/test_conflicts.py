"""Conflicts of an update: left for a person, gone on from, taken back, decided for one side."""

from __future__ import annotations

import pytest
import yaml

from tests.update.templates import Project, git


def test_conflicts_are_left_for_a_person(project: Project) -> None:
    project.replace("notes.txt", "seven", "Seven").replace("config.toml", "size = 1", "size = 9")
    result = project.update("--json")
    assert result.code == 1
    conflicts = {conflict["path"]: conflict for conflict in result.object["conflicts"]}
    text, keyed = conflicts["notes.txt"], conflicts["config.toml"]
    assert (text["base"], text["ours"], text["theirs"]) == ("seven\n", "Seven\n", "SEVEN\n")
    lines = project.text("notes.txt").splitlines()
    first, last = text["lines"]
    assert (lines[first - 1], lines[last - 1]) == ("<<<<<<< yours", ">>>>>>> template v2.0.0")
    assert "||||||| template v1.0.0" in lines
    assert (keyed["key"], keyed["base"], keyed["ours"], keyed["theirs"]) == ("tool.size", "1", "9", "2")
    assert "size = 9" in project.text("config.toml")
    assert "template v2.0.0" in project.text(".pyo3-kit/conflicts/config.toml.md").lower()
    assert yaml.safe_load(project.text(".copier-answers.yml"))["_commit"] == "v2.0.0"
    assert {line[:2] for line in git(project.root, "status", "--porcelain", "notes.txt").splitlines()} == {"UU"}


def test_continue_after_conflicts(project: Project) -> None:
    project.replace("notes.txt", "seven", "Seven")
    assert project.update().code == 1
    again = project.update()
    assert again.code == 2
    assert "left conflicts to decide: notes.txt" in again.err
    assert "Conflict markers are left in notes.txt" in project.update("--continue").err
    project.edit({"notes.txt": "mine\n"}, commit=False)
    done = project.update("--continue")
    assert (done.code, "is complete" in done.err) == (0, True)
    assert not (project.root / ".pyo3-kit").exists()
    project.commit()
    assert project.update("--json").object["files"] == []


def test_abort_after_conflicts(project: Project) -> None:
    project.replace("notes.txt", "seven", "Seven").replace("config.toml", "size = 1", "size = 9")
    before = project.files()
    assert project.update().code == 1
    result = project.update("--abort", "--json")
    assert (result.code, result.object["from"], result.object["to"]) == (0, "v1.0.0", "v2.0.0")
    assert project.files() == before
    assert git(project.root, "status", "--porcelain") == ""
    assert project.update("--dry-run", "--json").object["files"]


@pytest.mark.parametrize(("side", "notes", "size"), [("ours", "Seven", "9"), ("theirs", "SEVEN", "2")])
def test_conflicts_decided_for_one_side(project: Project, side: str, notes: str, size: str) -> None:
    project.edit(
        {
            "notes.txt": "ONE\ntwo\nthree\nfour\nfive\nsix\nSeven\n",
            "config.toml": '# mine\n[tool]\nname = "x"\nmine = [1]\ncolour = "red"\nsize = 9\n',
            "data.bin": b"\x00\x09",
        }
    )
    result = project.update("--conflicts", side, "--json")
    assert (result.code, result.object["conflicts"]) == (0, [])
    assert project.text("notes.txt") == f"ONE\ntwo\nthree\nfour\nfive\nsix\n{notes}\n"
    assert f"size = {size}\n" in project.text("config.toml")
    assert project.text("config.toml").startswith('# mine\n[tool]\nname = "x"\nmine = [1]\n')
    assert "[extra]" in project.text("config.toml")
    assert (project.root / "data.bin").read_bytes() == {"ours": b"\x00\x09", "theirs": b"\x00\x01\x03"}[side]
    assert "decided" in str(result.object["files"])


@pytest.mark.parametrize("words", [["--continue"], ["--abort"]])
def test_nothing_to_go_on_with(project: Project, words: list[str]) -> None:
    result = project.update(*words)
    assert result.code == 2
    assert "hint: There is nothing to" in result.err
