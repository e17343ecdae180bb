"""`pyo3-kit status`: versions, unfinished updates, and where files differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run_kit
from tests.update.templates import SECOND, Project, Template, git


def test_current(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    result = project.kit("status")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"{template.root}: at v1.0.0, the newest version\n")
    assert result.out.endswith("\n7 files match the template\n")


def test_behind(project: Project) -> None:
    for words in (["status"], ["status", "--quick"]):
        result = project.kit(*words, "--json")
        assert result.code == 1
        assert (result.object["version"], result.object["newest"], result.object["behind"]) == (
            "v1.0.0",
            "v2.0.0",
            True,
        )
        assert (result.object["files"] is None) == ("--quick" in words)
    assert "at v1.0.0, the newest version is v2.0.0" in project.kit("status", "--quick").out


def by_kind(found: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    return {kind: {file["path"]: file["keys"] for file in files} for kind, files in found["files"].items() if files}


@pytest.mark.parametrize(
    ("files", "code", "expected"),
    [
        ({"mine.txt": "mine\n"}, 0, {}),
        ({"once.txt": "mine\n"}, 0, {"customised": {"once.txt": []}}),
        ({"once.txt": None}, 0, {"customised": {"once.txt": []}}),
        ({"notes.txt": "zero\none\ntwo\nthree\nfour\nfive\nsix\nseven\n"}, 0, {"customised": {"notes.txt": []}}),
        ({"notes.txt": b"one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix\r\nseven\r\n"}, 0, {}),
        ({"notes.txt": "two\nthree\n"}, 1, {"drifted": {"notes.txt": []}}),
        ({"data.bin": b"\x00\xff"}, 1, {"drifted": {"data.bin": []}}),
        ({"docs/index.md": None}, 1, {"missing": {"docs/index.md": []}}),
        (
            {"config.toml": '[tool]\nname = "x"\ncolour = "red"\nsize = 1\nmine = 1\n[a]\n'},
            0,
            {"customised": {"config.toml": ["tool.mine", "a"]}},
        ),
        (
            {"config.toml": '[tool]\ncolour = "blue"\nsize = 1\nmine = 1\n'},
            1,
            {"drifted": {"config.toml": ["tool.name", "tool.colour"]}},
        ),
        ({"config.toml": 'tool = { name = "x", colour = "red", size = 1 }\n'}, 0, {"customised": {"config.toml": []}}),
    ],
)
def test_files(
    template: Template, tmp_path: Path, files: dict[str, str | bytes | None], code: int, expected: dict[str, Any]
) -> None:
    project = template.project(tmp_path / "project").edit(files)
    before = project.everything()
    result = project.kit("status", "--json")
    assert (result.code, by_kind(result.object)) == (code, expected)
    assert result.object["current"] == (code == 0)
    shown = project.kit("status")
    assert shown.code == code
    for kind, found in expected.items():
        for path, keys in found.items():
            line = next(line for line in shown.out.splitlines() if line.startswith(f"  {path}"))
            assert all(key in line for key in keys)
            assert kind in shown.out
    assert project.everything() == before


def test_stale(template: Template, tmp_path: Path) -> None:
    """A file that is an older version's was not brought along by an update."""
    template.release("v2.0.0", SECOND)
    project = template.project(tmp_path / "project", "v2.0.0")
    project.edit({"notes.txt": "one\ntwo\nthree\nfour\nfive\nsix\nseven\n", "data.bin": b"\x00"})
    result = project.kit("status", "--json")
    assert result.code == 1
    assert by_kind(result.object) == {"stale": {"notes.txt": []}, "drifted": {"data.bin": []}}
    assert result.object["files"]["stale"][0]["reason"] == "it is that of v1.0.0"


def test_seeds(template: Template, tmp_path: Path) -> None:
    """The template says which files are to be rewritten."""
    template.release("v1.0.0", {"catalogue/ownership.yml": "seed:\n  - /docs/\n  - '*.sh'\n"})
    project = template.project(tmp_path / "project").edit({"docs/index.md": "mine\n", "run.sh": None})
    result = project.kit("status", "--json")
    assert (result.code, by_kind(result.object)) == (0, {"customised": {"docs/index.md": [], "run.sh": []}})


def test_conflicts_are_pending(project: Project) -> None:
    project.replace("notes.txt", "seven", "Seven")
    assert project.update().code == 1
    for words in ([], ["--quick"]):
        result = project.kit("status", "--json", *words)
        assert (result.code, result.object["pending"], result.object["behind"]) == (1, "conflicts", False)
    assert "pyo3-kit update --continue" in project.kit("status").out
    project.edit({"notes.txt": "x\n"}, commit=False)
    assert project.update("--continue").code == 0
    assert project.kit("status", "--quick").code == 0


def test_an_option_may_be_written_with_an_equals_sign(project: Project) -> None:
    """`--answers-file NAME` and `--answers-file=NAME` are one."""
    plain = run_kit("status", "project", "--json", "--answers-file", ".copier-answers.yml", folder=project.root.parent)
    other = run_kit("status", "project", "--json", "--answers-file=.copier-answers.yml", folder=project.root.parent)
    assert (plain.code, plain.out) == (other.code, other.out)
    assert json.loads(plain.out)["path"] == str(project.root)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["one", "two"], "Unexpected argument `two`"),
        (["--frob"], "Unknown option `--frob`"),
        (["--answers-file", "nowhere.yml"], "There is no answers file nowhere.yml"),
    ],
)
def test_bad_words(project: Project, words: list[str], said: str) -> None:
    result = project.kit("status", *words)
    assert result.code == 2
    assert said in result.err


def test_not_a_project(tmp_path: Path) -> None:
    assert "is not in a Git repository" in run_kit("status", folder=tmp_path).err
    git(tmp_path, "init", "-q")
    result = run_kit("status", "--json", folder=tmp_path)
    assert (result.code, result.object["exit_code"]) == (2, 2)
    assert "is not a Copier project" in result.object["error"]
