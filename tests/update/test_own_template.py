"""A project of our own template, lived in for a while, brought to the newest version; plain Copier goes on after it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyo3_kit.template.location import TEMPLATE_URL, template_commit
from pyo3_kit.template.releases import releases
from tests.support.history import commit_all, git, render_release, tagged_template
from tests.update.templates import Project

pytestmark = pytest.mark.slow

MINE = """\
use pyo3::prelude::*;
use pyo3::types::PyList;

pub fn first(value: &Bound<'_, PyAny>) -> PyResult<usize> {
    Ok(value.downcast::<PyList>()?.len())
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = render_release(releases()[0], tmp_path / "project", {"pyo3": "0.28"})
    commit_all(root)
    project = Project(root)
    project.edit({"src/mine.rs": MINE, "README.md": "# Mine\n\nAnother text altogether.\n"})
    cargo = project.text("Cargo.toml")
    assert "\n[dependencies]\n" in cargo
    return project.replace("Cargo.toml", "\n[dependencies]\n", '\n[dependencies]\nitoa = "1"\n')


def test_edits_stay_and_the_code_follows(project: Project) -> None:
    result = project.update("--data", "pyo3=0.30", "--json")
    assert (result.code, result.object["conflicts"]) == (0, []), result.object
    new = {"updates": "workflow", "update_cadence": "monthly"}
    assert result.object["answers"] == {
        "pyo3": {"from": "0.28", "to": "0.30"},
        **{name: {"from": None, "to": answer} for name, answer in new.items()},
    }
    files = {file["path"]: file for file in result.object["files"]}
    assert files["src/mine.rs"]["outcome"] == "merged"
    assert "migrated" in files["src/mine.rs"]["reason"]
    assert project.text("src/mine.rs") == MINE.replace("downcast", "cast")
    assert "pyo3-0.29-cast" in {applied["id"] for applied in result.object["migrations"]}
    assert 'itoa = "1"' in project.text("Cargo.toml")
    assert 'pyo3 = "0.30' in project.text("Cargo.toml")
    assert project.text("README.md") == "# Mine\n\nAnother text altogether.\n"
    assert not (project.root / ".copier-answers.lock").exists()
    project.commit()
    status = project.kit("status", "--json")
    assert (status.code, status.object["behind"]) == (0, False), status.out
    customised = {file["path"]: file["keys"] for file in status.object["files"]["customised"]}
    assert customised == {"Cargo.toml": ["dependencies.itoa"], "README.md": []}


def test_a_drifted_key_is_named(project: Project) -> None:
    text = project.text("pyproject.toml")
    line = next(line for line in text.splitlines() if line.startswith("requires-python"))
    project.replace("pyproject.toml", line, 'requires-python = ">=3.14"')
    status = project.kit("status", "--json")
    assert status.code == 1
    drifted = {file["path"]: file["keys"] for file in status.object["files"]["drifted"]}
    assert drifted == {"pyproject.toml": ["project.requires-python"]}


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[list[str]]:
    """Plain Copier, for which the template's public address leads to a clone of this checkout."""
    clone = tagged_template(tmp_path / "clone")
    settings = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{clone}.insteadOf",
        "GIT_CONFIG_VALUE_0": TEMPLATE_URL,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        yield [sys.executable, "-m", "copier", "update", "--defaults", "--quiet", "--vcs-ref=HEAD"]


def test_plain_copier_goes_on_after_it(project: Project, plain: list[str]) -> None:
    assert project.update("--json").object["to"] == template_commit()
    project.commit()
    before = project.files()
    subprocess.run([*plain, "--data", "hooks=false"], cwd=project.root, check=True, env=dict(os.environ))
    changed = set(git(project.root, "diff", "--name-only", "HEAD").splitlines())
    assert ".copier-answers.yml" in changed
    assert "src/mine.rs" not in changed
    assert project.text("README.md") == before["README.md"][0].decode()  # type: ignore[union-attr]
    project.commit()
    assert project.update("--data", "hooks=true").code == 0
