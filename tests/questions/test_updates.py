from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.questions.reading import present, recorded, text
from tests.support.template import ROOT

pytestmark = pytest.mark.slow

WORKFLOW = {"github": ".github/workflows/update.yml", "gitlab": ".gitlab/update.yml"}
DEPENDABOT = ".github/dependabot.yml"


@pytest.mark.parametrize("ci", WORKFLOW)
def test_a_scheduled_workflow_is_the_default(render: Callable[..., Path], ci: str) -> None:
    project = render(ci=ci)
    assert recorded(project)["updates"] == "workflow"
    assert present(project, *WORKFLOW.values(), "renovate.json") == {WORKFLOW[ci]}
    assert "pyo3-kit status --quick" in text(project, WORKFLOW[ci])


def test_what_runs_the_tool_may_write_nothing(render: Callable[..., Path]) -> None:
    jobs = yaml.safe_load(text(render(), WORKFLOW["github"]))["jobs"]
    for job in jobs.values():
        runs = " ".join(step.get("run", "") for step in job["steps"])
        assert ("pip install" in runs) != ("write" in job["permissions"].values())
        assert job["steps"][0]["with"]["persist-credentials"] is False


def test_gitlab_includes_what_there_is(render: Callable[..., Path]) -> None:
    for updates, files in (("workflow", {"release", "update"}), ("none", {"release"})):
        pipeline: dict[str, Any] = yaml.safe_load(text(render(ci="gitlab", updates=updates), ".gitlab-ci.yml"))
        assert {Path(entry["local"]).stem for entry in pipeline["include"]} == files


@pytest.mark.parametrize("ci", WORKFLOW)
def test_renovate_does_what_dependabot_does(render: Callable[..., Path], ci: str) -> None:
    project = render(ci=ci, updates="renovate")
    assert present(project, *WORKFLOW.values(), DEPENDABOT, "renovate.json") == {"renovate.json"}
    renovate = json.loads(text(project, "renovate.json"))
    own, other = ("github-actions", "gitlabci") if ci == "github" else ("gitlabci", "github-actions")
    assert renovate["enabledManagers"] == ["copier", "cargo", "pep621", own]
    assert other not in str(renovate["packageRules"])
    assert ("pinGitHubActionDigests" in str(renovate["extends"])) == (ci == "github")


def test_the_preset_for_organisations_is_the_project_s_file(render: Callable[..., Path]) -> None:
    preset = json.loads((ROOT / "default.json").read_text(encoding="utf-8"))
    # It is for projects on both platforms.
    assert preset["enabledManagers"].pop() == "gitlabci"
    rendered = json.loads(text(render(updates="renovate"), "renovate.json"))
    assert rendered.pop("extends") == [*preset.pop("extends"), "schedule:monthly"]
    assert preset.pop("description") != rendered.pop("description")
    assert preset == rendered


def test_nobody_leaves_dependabot(render: Callable[..., Path]) -> None:
    assert present(render(updates="none"), *WORKFLOW.values(), DEPENDABOT, "renovate.json") == {DEPENDABOT}


def test_it_is_not_asked_without_ci(render: Callable[..., Path], refusal: Callable[..., str]) -> None:
    project = render(ci="none")
    assert "updates" not in recorded(project)
    assert not present(project, *WORKFLOW.values(), "renovate.json")
    assert "Scheduled updates need CI" in refusal(ci="none", updates="renovate")
