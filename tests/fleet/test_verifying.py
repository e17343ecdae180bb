"""`fleet update --verify`: projects are really built and tested with the update in them before anything is pushed."""

from __future__ import annotations

import pytest

from pyo3_kit.template.releases import releases
from tests.fleet.small import BRANCH, Small
from tests.support.history import commit_all, render_release
from tests.update.templates import Project, git

pytestmark = pytest.mark.matrix

SMALL = {"starter": "minimal", "benchmarks": False, "free_threaded": False}


def test_what_fails_is_not_pushed(small: Small) -> None:
    """The second project is built with what the first has compiled already."""
    good = Project(render_release(releases()[0], small.root / "good", SMALL))
    bad = Project(render_release(releases()[0], small.root / "bad", SMALL))
    tests = next(path for path in (bad.root / "tests").glob("test_*.py"))
    tests.write_text(f"{tests.read_text()}\n\ndef test_that_fails() -> None:\n    assert False\n")
    for project in (good, bad):
        commit_all(project.root)
        small.text += f'[[repository]]\npath = "{project.root.name}"\n'
    rows = small.rows("update", "--verify")
    assert {name: row["state"] for name, row in rows.items()} == {"good": "updated", "bad": "failed"}
    assert "Running the tests failed" in rows["bad"]["reason"]
    assert git(good.root, "rev-parse", BRANCH) == rows["good"]["commit"]
    assert git(bad.root, "branch", "--list", BRANCH) == ""
    assert [folder.name for folder in (small.workspace / "target").iterdir()] == ["0"]
    # What was pushed had passed: it is not built again.
    again = small.rows("update", "--verify", "--filter", "good")["good"]
    assert (again["commit"], again["seconds"] < rows["good"]["seconds"] / 2) == (rows["good"]["commit"], True)
