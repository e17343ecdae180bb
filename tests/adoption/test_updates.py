"""Later updates of an adopted project: what was declined stays declined, and none of the template's sources come."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyo3_kit.adoption import AdoptRequest, apply, plan
from pyo3_kit.template.location import TEMPLATE_URL, template_commit
from pyo3_kit.template.releases import releases
from tests.adoption.projects import LAYOUTS, write
from tests.support.command import run_kit
from tests.support.history import commit_all, git, tagged_template

pytestmark = pytest.mark.slow


def adopted_at_the_first_release(root: Path, layout: str) -> Path:
    write(root, LAYOUTS[layout])
    adoption = plan(AdoptRequest(root, to=releases()[0].version))
    assert adoption.version == releases()[0].version
    apply(adoption)
    commit_all(root)
    return root


def changed_lines(diff: str) -> tuple[list[str], list[str]]:
    """The removed and the added lines of a diff of one file."""
    lines = diff.partition("\n@@")[2].splitlines()
    return [line[1:] for line in lines if line.startswith("-")], [line[1:] for line in lines if line.startswith("+")]


@pytest.mark.parametrize(
    ("layout", "commented"),
    # Where the profile was there, the adoption brought keys without the comment above it.
    [("mixed", set()), ("workspace", {"Cargo.toml"})],
)
def test_an_update_brings_nothing_that_was_declined(layout: str, commented: set[str], tmp_path: Path) -> None:
    root = adopted_at_the_first_release(tmp_path, layout)
    result = run_kit("update", "--json", folder=root)
    assert (result.code, result.object["conflicts"]) == (0, [])
    assert result.object["to"] == template_commit()
    assert not git(root, "ls-files", "--others")
    assert set(git(root, "diff", "--name-only").splitlines()) == {".copier-answers.yml", *commented}
    # Comments that the adoption brought are reworded, one by one: no line of the user's changes, and none comes.
    removed, added = changed_lines(git(root, "diff", "Cargo.toml"))
    _, brought = changed_lines(git(root, "show", "HEAD", "--", "Cargo.toml"))
    assert set(removed) <= set(brought)
    assert len(added) == len(removed)
    assert all(line.startswith("# ") for line in (*removed, *added))


def test_a_change_of_answers_brings_only_what_it_is_about(tmp_path: Path) -> None:
    root = adopted_at_the_first_release(tmp_path, "mixed")
    result = run_kit("update", "--json", "--data", "hooks=true", folder=root)
    assert (result.code, result.object["conflicts"]) == (0, [])
    added = {file["path"] for file in result.object["files"] if file["outcome"] == "added"}
    assert added == {".pre-commit-config.yaml"}


def test_sources_that_the_template_adds_do_not_come(tmp_path: Path) -> None:
    root = adopted_at_the_first_release(tmp_path, "mixed")
    result = run_kit("update", "--json", "--data", "starter=showcase", folder=root)
    assert result.code in (0, 1)
    files = {file["path"]: file for file in result.object["files"]}
    assert "src/batch.rs" not in files
    assert not [path for path, file in files.items() if file["outcome"] == "added" and path.endswith((".rs", ".py"))]


def test_plain_copier_goes_on(tmp_path: Path) -> None:
    root = adopted_at_the_first_release(tmp_path / "project", "mixed")
    template = tagged_template(tmp_path / "template")
    instead = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{template}.insteadOf",
        "GIT_CONFIG_VALUE_0": TEMPLATE_URL,
    }
    command = [sys.executable, "-m", "copier", "update", "--defaults", "--quiet"]
    done = subprocess.run(command, cwd=root, env={**os.environ, **instead}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert git(root, "status", "--porcelain").strip() == "M .copier-answers.yml"
    assert f"_commit: {releases()[-1].version}\n" in (root / ".copier-answers.yml").read_text()
