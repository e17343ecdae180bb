"""What an adopted project does without is noted, so that its status is no alarm that never ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.adoption import AdoptRequest, apply, plan
from pyo3_kit.texts.toml import parse_toml
from pyo3_kit.update.status import Kind, status
from tests.adoption.projects import LAYOUTS, write
from tests.support.history import commit_all

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("layout", sorted(name for name, files in LAYOUTS.items() if "pyproject.toml" in files))
def test_an_adopted_project_is_current(layout: str, tmp_path: Path) -> None:
    root = write(tmp_path, LAYOUTS[layout])
    apply(plan(AdoptRequest(root)))
    commit_all(root)
    found = status(root)
    assert {file.kind for file in found.files or ()} == {Kind.CUSTOMISED}
    assert found.current


@pytest.mark.parametrize("members", ['["crates/*"]', '["crates/core", "./crates/binding/"]'])
def test_a_workspace_may_have_it_beside_the_crate(members: str, tmp_path: Path) -> None:
    files = {**LAYOUTS["workspace"], "crates/binding/pyproject.toml": LAYOUTS["mixed"]["pyproject.toml"]}
    del files["pyproject.toml"]
    files["Cargo.toml"] = files["Cargo.toml"].replace('["crates/*"]', members)
    root = write(tmp_path, files)
    made = plan(AdoptRequest(root))
    assert not any("There is no pyproject.toml" in note for note in made.notes)
    apply(made)
    commit_all(root)
    found = status(root)
    assert {file.kind for file in found.files or ()} == {Kind.CUSTOMISED}
    assert found.current


def test_the_note_names_files_that_are_there_and_files_that_are_not(tmp_path: Path) -> None:
    root = write(tmp_path, LAYOUTS["mixed"])
    apply(plan(AdoptRequest(root)))
    noted = parse_toml((root / "pyproject.toml").read_text())["tool"]["pyo3-kit"]["template"]
    assert "/Cargo.toml" in noted["own"]
    assert "/clippy.toml" in noted["without"]
    assert all((root / path.lstrip("/")).is_file() for path in noted["own"])
    files = [path for path in noted["without"] if "*" not in path]
    assert not any((root / path.lstrip("/")).exists() for path in files)
    # Of sources nothing is to come, whatever later versions have.
    assert [path for path in noted["without"] if path not in files] == ["/python/**", "/src/**", "/tests/**"]


def test_what_is_taken_is_not_noted(tmp_path: Path) -> None:
    root = write(tmp_path, LAYOUTS["mixed"])
    apply(plan(AdoptRequest(root, only=("lints",))))
    noted = parse_toml((root / "pyproject.toml").read_text())["tool"]["pyo3-kit"]["template"]
    assert "/clippy.toml" not in [*noted["own"], *noted["without"]]
