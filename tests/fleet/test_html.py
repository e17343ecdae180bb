"""Where `--html` cannot be written: nothing is done, or what was done is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fleet.small import BRANCH, Small
from tests.update.templates import git


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none/page.html", "The folder of `--html none/page.html` does not exist"),
        (".", "is a folder"),
        ("a/README.md/x", "does not exist"),
    ],
)
def test_a_page_that_cannot_be_written_is_refused_before_the_run(small: Small, name: str, said: str) -> None:
    project = small.local("a")
    result = small.run("update", "--html", name)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert git(project.root, "branch", "--list", BRANCH) == ""
    report = small.run("report", "--html", name, "none.json")
    assert (report.code, said in report.err) == (2, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_the_report_is_printed_although_the_page_fails(small: Small) -> None:
    small.local("a")
    result = small.run("update", "--json", "--html", "/dev/full")
    assert result.code == 3
    assert result.object["rows"][0]["state"] == "updated"
    assert "error: No space left while writing the page" in result.err
