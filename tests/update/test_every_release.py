"""From each release to the newest: without edits the result is a fresh render, and a second run does nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyo3_kit.render import Source, open_template
from pyo3_kit.template.location import TEMPLATE_URL, template_commit, template_root
from pyo3_kit.template.releases import Release, releases
from tests.support.command import Result, run_kit
from tests.support.history import commit_all, git, render_release

pytestmark = pytest.mark.slow

# Defaults that have changed since: a project keeps what it recorded.
DEFAULTS_THEN = {"starter": "showcase", "benchmarks": True}
ANSWERS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "async": {"async_runtime": True, "disable_reference_pool": True, "layout": "workspace", "docs": "sphinx"},
    "small": {"starter": "minimal", "ci": "gitlab", "free_threaded": False, "wheels": "abi3", "stubs": False},
    "old": {"pyo3": "0.28", "bytes_feature": True, "pgo": True, "license": "proprietary", "ci": "none"},
}


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode & 0o111)
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def fresh(folder: Path, answers: dict[str, Any]) -> Path:
    with open_template(Source(TEMPLATE_URL, None, (template_root(), template_commit())), folder) as template:
        template.render(folder, template.interview({}).evaluate({"project_name": "my-lib", **answers}))
    return folder


@pytest.fixture
def update(tmp_path: Path) -> Callable[..., Result]:
    return lambda *arguments: run_kit("update", *arguments, folder=tmp_path / "project")


@pytest.mark.parametrize("answers", ANSWERS)
@pytest.mark.parametrize("release", releases(), ids=lambda release: release.version)
def test_an_update_is_a_fresh_render(
    release: Release, answers: str, tmp_path: Path, update: Callable[..., Result]
) -> None:
    project = render_release(release, tmp_path / "project", ANSWERS[answers])
    commit_all(project)
    result = update("--json")
    assert (result.code, result.err) == (0, "")
    assert (result.object["from"], result.object["to"]) == (release.version, template_commit())
    assert files(project) == files(fresh(tmp_path / "fresh", {**DEFAULTS_THEN, **ANSWERS[answers]}))

    commit_all(project)
    head = git(project, "rev-parse", "HEAD")
    again = update("--json")
    assert (again.code, again.object["files"]) == (0, [])
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "rev-parse", "HEAD") == head
