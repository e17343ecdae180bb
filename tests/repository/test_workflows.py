"""The workflows of this repository: linted, pinned like those of rendered projects, and true to what they run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.command import ROOT
from tests.support.project import tool

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
USES = re.compile(r"\buses: *(\S+@\S+)(?: +# *(\S+))?$", re.MULTILINE)


def load(path: Path) -> dict[Any, Any]:
    """A workflow; `on` is a word here, and not the boolean of YAML 1.1."""
    loaded: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in loaded.items()}


def steps(workflow: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def scripts() -> Iterator[tuple[str, str]]:
    """Each script of a workflow, with the workflow's name."""
    for path in WORKFLOWS:
        for step in steps(load(path)):
            if "run" in step:
                yield path.name, step["run"]


def test_an_action_has_one_pin_everywhere() -> None:
    catalogue = yaml.safe_load((ROOT / "catalogue" / "actions.yml").read_text(encoding="utf-8")).values()
    pins = {(f"{action['uses']}@{action['sha']}", action["version"]) for action in catalogue}
    used = {
        (path.name, *use.groups())
        for path in (*WORKFLOWS, ROOT / "action.yml")
        for use in USES.finditer(path.read_text(encoding="utf-8"))
    }
    assert len(used) > 10
    assert [use for use in sorted(used) if use[1:] not in pins] == [], "see docs/how-to/refresh-the-pins.md"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_gets_no_permission_that_a_job_does_not_ask_for(path: Path) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert "permissions" in job, f"{path.name}: {name}"
        assert "timeout-minutes" in job, f"{path.name}: {name}"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_expression_is_expanded_in_a_script(path: Path) -> None:
    assert [step["run"] for step in steps(load(path)) if "${{" in step.get("run", "")] == []


def test_the_tests_run_on_the_oldest_and_the_newest_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    classifiers = [text.rpartition(" :: ")[2] for text in project["classifiers"] if " :: 3." in text]
    jobs = load(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    assert project["requires-python"] == f">={classifiers[0]}"
    matrix = jobs["test"]["strategy"]["matrix"]
    assert matrix["python"] == [classifiers[0], classifiers[-1]]
    assert {entry["python"] for entry in matrix["include"]} == {classifiers[-1]}
    setup = next(step for step in jobs["lowest-dependencies"]["steps"] if "setup-python" in step.get("uses", ""))
    assert setup["with"]["python-version"] == classifiers[0]


def test_the_commands_of_the_workflows_exist() -> None:
    """Nothing in CI runs a command of `dev.py`, or an option of a script, that is not there."""
    usage = subprocess.run([sys.executable, ROOT / "dev.py"], capture_output=True, text=True, check=False).stderr
    known = {line.split("  ")[0].removeprefix("python ") for line in usage.splitlines()}
    parts = load(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]["parts"]["strategy"]["matrix"]["part"]
    commands = {
        command.replace('"$PART"', part)
        for _, script in scripts()
        for command in re.findall(r"^(?:python )(dev\.py .*)$", script, re.MULTILINE)
        for part in parts
    }
    assert {"dev.py lint", "dev.py test --fast", "dev.py test --slow", "dev.py matrix --part"} <= commands
    assert commands <= known
    for name, script in scripts():
        for path, options in re.findall(r"python (scripts/\w+\.py)([^\n|>]*)", script):
            help_text = subprocess.run(
                [sys.executable, ROOT / path, "--help"], capture_output=True, text=True, check=True
            ).stdout
            for option in re.findall(r"--[a-z-]+", options):
                assert option in help_text, f"{name}: {path} has no {option}"


@pytest.mark.slow
def test_zizmor_and_the_schemas_find_nothing() -> None:
    paths = [".github", "action.yml"]
    output = tool("zizmor", "--offline", "--persona=pedantic", "--format=json", "--no-progress", *paths, cwd=ROOT)
    assert json.loads(output[output.index("[") : output.rindex("]") + 1]) == []
    tool("check-jsonschema", "--builtin-schema=vendor.github-workflows", *WORKFLOWS, cwd=ROOT)
    tool("check-jsonschema", "--builtin-schema=vendor.github-actions", "action.yml", cwd=ROOT)
    tool("check-jsonschema", "--builtin-schema=vendor.dependabot", ".github/dependabot.yml", cwd=ROOT)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("actionlint") is None, reason="there is no actionlint on the PATH")
def test_actionlint_finds_nothing() -> None:
    assert tool("actionlint", cwd=ROOT) == ""
