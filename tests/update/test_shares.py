"""`[tool.pyo3-kit.template]`: what a project does without, and what it writes its own way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.project.opt_outs import places, read_shares
from pyo3_kit.update.planning import UpdateRequest, plan
from pyo3_kit.update.status import Kind, status
from tests.update.templates import Project

TABLE = "[tool.pyo3-kit.template]\n"


def noting(project: Project, lines: str) -> Project:
    project.edit({"pyproject.toml": f"{TABLE}{lines}"})
    project.commit()
    return project


def test_what_a_project_does_without_never_comes(project: Project) -> None:
    made = plan(UpdateRequest(noting(project, 'without = ["/new/", "/data.bin"]\n').root))
    assert "new/fresh.txt" not in {file.path for file in made.files}
    assert "data.bin" not in {file.path for file in made.files}
    assert "notes.txt" in {file.path for file in made.files}


def test_a_file_of_its_own_keeps_what_differs_and_takes_what_is_new(project: Project) -> None:
    project.replace("config.toml", "size = 1", "size = 9")
    contested = plan(UpdateRequest(noting(project, "").root))
    assert [conflict.key for conflict in contested.conflicts] == ["tool.size"]
    made = plan(UpdateRequest(noting(project, 'own = ["config.toml"]\n').root))
    (merged,) = [file for file in made.files if file.path == "config.toml"]
    assert made.conflicts == ()
    assert merged.result is not None
    assert "size = 9" in merged.result.content.decode()
    assert "[extra]" in merged.result.content.decode()
    assert merged.reason.endswith("yours is kept")


def test_a_text_of_its_own_gets_no_markers(project: Project) -> None:
    project.replace("notes.txt", "seven", "siebte")
    assert plan(UpdateRequest(noting(project, "").root)).conflicts
    made = plan(UpdateRequest(noting(project, 'own = ["notes.txt"]\n').root))
    (merged,) = [file for file in made.files if file.path == "notes.txt"]
    assert (made.conflicts, merged.result) == ((), merged.ours)


def test_status_calls_neither_missing_nor_drifted(project: Project) -> None:
    project.edit({"data.bin": None}).replace("config.toml", "size = 1", "size = 9")
    project.commit()
    found = {file.path: file.kind for file in status(project.root).files or ()}
    assert (found["data.bin"], found["config.toml"]) == (Kind.MISSING, Kind.DRIFTED)
    noting(project, 'without = ["data.bin"]\nown = ["config.toml"]\n')
    files = {file.path: (file.kind, file.reason) for file in status(project.root).files or ()}
    assert files["data.bin"] == (Kind.CUSTOMISED, "left out in pyproject.toml")
    assert files["config.toml"] == (Kind.CUSTOMISED, "written your own way")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("without = 1\n", "`without` of `[tool.pyo3-kit.template]` in pyproject.toml is not a list of strings"),
        ("own = [1]\n", "`own` of `[tool.pyo3-kit.template]` in pyproject.toml is not a list of strings"),
        ("wihtout = []\n", "has the unknown key `wihtout`"),
    ],
)
def test_a_table_that_cannot_be_understood_is_refused(lines: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(f"{TABLE}{lines}")
    with pytest.raises(Refused, match=re.escape(said)):
        read_shares(tmp_path)


@pytest.mark.parametrize("text", ["", "[tool.pyo3-kit]\nselect = ['ALL']\n", "[tool.pyo3-kit.template\n"])
def test_a_project_that_says_nothing_takes_everything(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    shares = read_shares(tmp_path)
    assert not shares.without("clippy.toml")
    assert not shares.own("clippy.toml")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ('["one", "./two/"]', ["one/pyproject.toml", "two/pyproject.toml"]),
        ('["t*"]', ["two/pyproject.toml", "one/pyproject.toml"]),
        ('["none", "", 3, "/one", "../x", "**", "a**", "a\\u0000b"]', ["one/pyproject.toml", "two/pyproject.toml"]),
        ("1", ["one/pyproject.toml", "two/pyproject.toml"]),
    ],
)
def test_a_workspace_without_one_at_its_root_may_say_it_below(
    members: str, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "Cargo.toml").write_text(f"[workspace]\nmembers = {members}\n")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyproject.toml").write_text(f'{TABLE}without = ["/{name}"]\n' if name == "two" else "")
    assert list(places(tmp_path)) == expected
    assert read_shares(tmp_path).without("two")
    (tmp_path / "pyproject.toml").write_text("")
    assert list(places(tmp_path)) == ["pyproject.toml"]
    assert not read_shares(tmp_path).without("two")
