from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.questions.reading import present, recorded, text

GITHUB = {
    ".github/workflows/ci.yml",
    ".github/workflows/release.yml",
    ".github/workflows/update.yml",
    ".github/dependabot.yml",
}
GITLAB = {".gitlab-ci.yml", ".gitlab/release.yml", ".gitlab/update.yml"}
FILES = {"github": GITHUB, "gitlab": GITLAB, "none": set[str]()}


@pytest.mark.parametrize("ci", FILES)
def test_each_has_its_own_files(render: Callable[..., Path], ci: str) -> None:
    project = render(ci=ci)
    assert present(project, *GITHUB, *GITLAB) == FILES[ci]
    assert present(project, ".github", ".gitlab") == {f".{ci}"} - {".none"}
    for name in FILES[ci]:
        assert yaml.safe_load(text(project, name))


def test_github_is_the_default(render: Callable[..., Path]) -> None:
    assert recorded(render())["ci"] == "github"


def test_a_workflow_may_do_nothing_that_it_does_not_say(render: Callable[..., Path]) -> None:
    for name in ("ci.yml", "release.yml", "update.yml"):
        assert yaml.safe_load(text(render(), f".github/workflows/{name}"))["permissions"] == {}


def test_another_one_is_refused(refusal: Callable[..., str]) -> None:
    assert "'jenkins' is not in" in refusal(ci="jenkins")
