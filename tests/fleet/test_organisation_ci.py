"""The workflow and the pipeline by which an organisation updates its fleet: their scripts run for real."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fleet.organisation import NAMES, found
from tests.support.command import environment
from tests.support.history import git
from tests.support.project import tool
from tests.support.template import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "fleet-update.yml"
PIPELINE = ROOT / "gitlab" / "fleet-update.yml"
NO_OP = "#!/bin/sh\n"


def workflow() -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return loaded


def steps(job: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = workflow()["jobs"][job]["steps"]
    return listed


def pipeline(**inputs: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The pipeline's inputs, and the pipeline with them put in as GitLab does."""
    head, _, body = PIPELINE.read_text(encoding="utf-8").partition("\n---\n")
    known: dict[str, Any] = yaml.safe_load(head)["spec"]["inputs"]
    given = {name: inputs.get(name, str(one.get("default", ""))) for name, one in known.items()}
    text = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda place: given[place[1]], body)
    return known, yaml.safe_load(text)


def test_every_input_is_used() -> None:
    # `on` is a boolean to YAML 1.1.
    declared = workflow()[True]["workflow_call"]["inputs"]
    text = WORKFLOW.read_text(encoding="utf-8")
    assert set(re.findall(r"inputs\.(\w+)", text)) == set(declared)
    known, _ = pipeline()
    assert set(re.findall(r"inputs\.(\w+)", PIPELINE.read_text(encoding="utf-8"))) == set(known)


@pytest.mark.slow
def test_the_pipeline_is_what_its_schema_says(tmp_path: Path) -> None:
    # The schema knows no inputs: they are put in before.
    plain = tmp_path / "pipeline.yml"
    plain.write_text(yaml.safe_dump(pipeline()[1]), encoding="utf-8")
    tool("check-jsonschema", "--builtin-schema=vendor.gitlab-ci", plain, cwd=ROOT)


@pytest.mark.slow
def test_what_the_guide_shows_fits(tmp_path: Path) -> None:
    guide = (ROOT / "docs/how-to/update-automatically.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(block) for block in re.findall(r"```(?:yaml|json)\n(.*?)```", guide, re.DOTALL)]
    preset, caller, including = blocks
    for schema, block in (("renovate", preset), ("github-workflows", caller), ("gitlab-ci", including)):
        # YAML 1.1 takes `on` for yes.
        block = {"on" if key is True else key: value for key, value in block.items()}
        (tmp_path / schema).write_text(json.dumps(block), encoding="utf-8")
        tool("check-jsonschema", f"--builtin-schema=vendor.{schema}", tmp_path / schema, cwd=tmp_path)
    job, callee = caller["jobs"]["update"], workflow()[True]["workflow_call"]
    assert job["uses"].split("@")[0].endswith(WORKFLOW.relative_to(ROOT).as_posix())
    assert job["with"].keys() <= callee["inputs"].keys()
    assert job["secrets"].keys() == callee["secrets"].keys()
    assert including["include"][0]["remote"].endswith(PIPELINE.relative_to(ROOT).as_posix())
    assert including["include"][0]["inputs"].keys() <= pipeline()[0].keys()


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a fleet file and three projects of the first release; and no `gh`, `glab` or package manager."""
    root = found(tmp_path_factory.mktemp("organisation"))
    (root / "bin").mkdir()
    for name in ("gh", "glab", "apt-get"):
        (root / "bin" / name).write_text(NO_OP, encoding="utf-8")
        (root / "bin" / name).chmod(0o755)
    return root


def run(folder: Path, script: str, **variables: str) -> str:
    """Run a job's script as its runner does; what it installs is here already."""
    lines = [line for line in script.splitlines() if "pip install" not in line or "- python" in line]
    path = os.pathsep.join([str(folder / "bin"), sysconfig.get_path("scripts"), os.environ["PATH"]])
    own = {"PATH": path, "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"), "FLEET": "fleet.toml", **variables}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "\n".join(lines)],
        cwd=folder,
        env={**environment(), **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def updated(organisation: Path) -> set[str]:
    """The projects with a branch of the update."""
    return {name for name in NAMES if git(organisation / name, "branch", "--list", "pyo3-kit/update")}


def start_again(organisation: Path) -> None:
    """Have the fleet as it was, and no report."""
    for name in updated(organisation):
        git(organisation / name, "branch", "--quiet", "-D", "pyo3-kit/update")
    shutil.rmtree(organisation / "reports", ignore_errors=True)


def shards(organisation: Path, script: str, names: list[str], **variables: str) -> None:
    """Run a job for each shard, and put together the reports that the jobs leave each in a folder of its own."""
    together = organisation / "together"
    together.mkdir()
    for name in names:
        run(organisation, script, SHARD=name, **variables)
        for report in (organisation / "reports").iterdir():
            report.rename(together / report.name)
        (organisation / "reports").rmdir()
    together.rename(organisation / "reports")


@pytest.mark.slow
def test_the_workflow_updates_the_fleet(organisation: Path) -> None:
    start_again(organisation)
    output = organisation / "output"
    files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(organisation / "summary")}
    run(organisation, steps("plan")[-1]["run"], SHARDS="3", **files)
    matrix = json.loads(output.read_text(encoding="utf-8").partition("matrix=")[2])
    assert sum(one["count"] for one in matrix["include"]) == len(NAMES)
    script = next(step["run"] for step in steps("update") if step.get("name") == "Update")
    shards(organisation, script, [one["shard"] for one in matrix["include"]], ARGUMENTS="--jobs 1", **files)
    assert updated(organisation) == set(NAMES)
    report = next(step["run"] for step in steps("report") if step.get("id") == "report")
    files["MATRIX"] = json.dumps(matrix)
    run(organisation, report, **files)
    page = (organisation / "fleet.html").read_text(encoding="utf-8")
    assert all(f">{name}</bdi>" in page for name in NAMES)
    assert "updated" in (organisation / "summary").read_text(encoding="utf-8")
    assert output.read_text(encoding="utf-8").rstrip().endswith("code=0")
    next((organisation / "reports").iterdir()).unlink()
    run(organisation, report, **files)
    assert "missing reports of shards:" in (organisation / "fleet.html").read_text(encoding="utf-8")
    assert output.read_text(encoding="utf-8").rstrip().endswith("code=1")


@pytest.mark.slow
def test_the_pipeline_updates_the_fleet(organisation: Path) -> None:
    start_again(organisation)
    _, made = pipeline(shards="3", arguments="--jobs 1")
    run(organisation, "\n".join(made["plan-fleet"]["script"]))
    child = organisation / "fleet-pipeline.yml"
    tool("check-jsonschema", "--builtin-schema=vendor.gitlab-ci", child, cwd=organisation)
    jobs = yaml.safe_load(child.read_text(encoding="utf-8"))
    names = jobs["update"]["parallel"]["matrix"][0]["SHARD"]
    token = {"FLEET_TOKEN": "glpat-test", "CI_SERVER_FQDN": "gitlab.example.org"}
    shards(organisation, "\n".join(jobs["update"]["script"]), names, **token)
    assert updated(organisation) == set(NAMES)
    (organisation / "fleet.html").unlink(missing_ok=True)
    report = "\n".join(jobs["report"]["script"])
    assert "updated" in run(organisation, report)
    assert (organisation / "fleet.html").is_file()
    # A job that failed leaves no report: the last one runs all the same, and fails.
    assert jobs["report"]["when"] == "always"
    next((organisation / "reports").iterdir()).unlink()
    with pytest.raises(AssertionError, match="missing reports of shards:"):
        run(organisation, report)
    # What a job clones and pushes goes by the token, which is in no address.
    settings = (organisation / "gitconfig").read_text(encoding="utf-8")
    assert 'url "https://oauth2:glpat-test@gitlab.example.org/"' in settings
