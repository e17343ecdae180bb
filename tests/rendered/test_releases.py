"""What a tag sets off: it names the version that is built, and nothing is published that was not tested."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.questions.reading import text
from tests.support.project import attempt

GITHUB = ".github/workflows/release.yml"
GITLAB = ".gitlab/release.yml"
MANIFESTS = {"single": "Cargo.toml", "workspace": "crates/python/Cargo.toml"}


def jobs(project: Path, ci: str) -> dict[str, Any]:
    """The jobs of the release, by their names."""
    release = yaml.safe_load(text(project, GITHUB if ci == "github" else GITLAB))
    found: dict[str, Any] = release["jobs"] if ci == "github" else release
    return found


def steps(project: Path, job: str) -> list[dict[str, Any]]:
    """The steps of a job on GitHub."""
    found: list[dict[str, Any]] = jobs(project, "github")[job]["steps"]
    return found


def tag_check(project: Path, ci: str) -> str:
    """The lines of shell that look at the tag, which come before anything is built."""
    if ci == "gitlab":
        first: str = jobs(project, ci)["sdist"]["script"][0]
        return first
    found = steps(project, "sdist")
    names = [step.get("name") for step in found]
    position = names.index("The tag names the version that is built")
    assert position < names.index("Build the sdist")
    assert found[position]["if"] == "github.event_name == 'push'"
    lines: str = found[position]["run"]
    return lines


@pytest.fixture(params=["github", "gitlab"])
def ci(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(params=MANIFESTS)
def tagged(
    request: pytest.FixtureRequest, render: Callable[..., Path], ci: str, tmp_path: Path
) -> Callable[[str, str], subprocess.CompletedProcess[str]]:
    """Run the check of a tag beside a manifest that has a version."""
    layout = request.param
    project = render(ci=ci, layout=layout)
    manifest = MANIFESTS[layout]
    check = tag_check(project, ci)

    def run(tag: str, version: str) -> subprocess.CompletedProcess[str]:
        before = text(project, manifest)
        assert before.count('version = "0.1.0"') == 1
        place = tmp_path / manifest
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(before.replace('version = "0.1.0"', f'version = "{version}"'), encoding="utf-8")
        return attempt("bash", "-ec", check, cwd=tmp_path, env={"GITHUB_REF_NAME": tag, "CI_COMMIT_TAG": tag})

    return run


Tagged = Callable[[str, str], subprocess.CompletedProcess[str]]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the check reads TOML by the newest Python")
def test_a_tag_has_to_name_the_version(tagged: Tagged) -> None:
    for version in ("0.1.0", "1.0.0-rc.1", "2.0.0-alpha.3"):
        done = tagged(f"v{version}", version)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")
    for tag, version in (("v0.2.0", "0.1.0"), ("v1.0.0rc1", "1.0.0-rc.1"), ("v1.0.0", "1.0.0-rc.1")):
        done = tagged(tag, version)
        assert done.returncode == 1
        assert f"The tag {tag} is not that of the version in " in done.stdout
        assert done.stdout.endswith(f"Cargo.toml, which would be v{version}.\n")


def test_what_is_built_in_a_pre_release_is_published(render: Callable[..., Path], ci: str) -> None:
    # maturin writes `0.1.0-rc.1` as `0.1.0rc1`: no file has the name of the tag.
    publish = str(jobs(render(ci=ci), ci)["publish"])
    assert "GITHUB_REF_NAME" not in publish
    assert "CI_COMMIT_TAG#" not in publish


def test_a_project_that_publishes_nothing_names_its_tags_as_it_likes(render: Callable[..., Path], ci: str) -> None:
    sdist = str(jobs(render(ci=ci, license="proprietary"), ci)["sdist"])
    assert "The tag" not in sdist


@pytest.mark.parametrize(
    ("answers", "paths"),
    [
        ({}, ["Cargo.lock", "Cargo.toml", "pyproject.toml"]),
        ({"layout": "workspace"}, ["Cargo.lock", "**/Cargo.toml", "pyproject.toml"]),
        (
            {"disable_reference_pool": True},
            ["Cargo.lock", "Cargo.toml", "build.rs", ".cargo/**", "pyproject.toml"],
        ),
        (
            {"disable_reference_pool": True, "layout": "workspace"},
            ["Cargo.lock", "**/Cargo.toml", "**/build.rs", ".cargo/**", "pyproject.toml"],
        ),
    ],
)
def test_what_makes_wheels_sets_off_their_builds(
    render: Callable[..., Path], answers: dict[str, Any], paths: list[str]
) -> None:
    workflow = yaml.load(text(render(**answers), GITHUB), yaml.BaseLoader)
    assert workflow["on"]["pull_request"]["paths"] == [GITHUB, *paths]


def test_every_wheel_is_tested_before_it_is_published(render: Callable[..., Path]) -> None:
    found = jobs(render(), "github")
    built = {wheel["os"] for wheel in found["wheels"]["strategy"]["matrix"]["include"]}
    musl = {wheel["os"] for wheel in found["wheels"]["strategy"]["matrix"]["include"] if "musl" in wheel["target"]}
    assert set(found["test-wheels"]["strategy"]["matrix"]["os"]) == built
    tested = found["test-musllinux"]["strategy"]["matrix"]
    assert {wheel["os"] for wheel in tested["wheel"]} == musl
    assert all("musllinux" in wheel["image"] for wheel in tested["wheel"])
    assert tested["python"] == found["test-wheels"]["strategy"]["matrix"]["python"]
    assert {"test-wheels", "test-musllinux"} <= set(found["publish"]["needs"])


def test_every_wheel_is_tested_where_gitlab_builds_it(render: Callable[..., Path]) -> None:
    found = jobs(render(ci="gitlab"), "gitlab")
    places = {
        kind: [
            (job["image"], job.get("tags"))
            for name, job in found.items()
            if name.startswith((f"{kind}-manylinux", f"{kind}-musllinux"))
        ]
        for kind in ("wheels", "test")
    }
    assert len(places["wheels"]) == 4
    assert places["test"] == places["wheels"]


def test_the_container_of_a_test_runs_shell(render: Callable[..., Path], tmp_path: Path) -> None:
    """The line that starts the container, with a program in docker's place that runs what it is given."""
    run = steps(render(), "test-musllinux")[-1]["run"]
    (tmp_path / "docker").write_text('#!/bin/sh\nfor last; do true; done\nexec sh -n -c "$last"\n')
    (tmp_path / "docker").chmod(0o755)
    done = attempt("bash", "-euc", f'PATH="{tmp_path}:$PATH"; {run}', cwd=tmp_path, env={"IMAGE": "an-image"})
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_private_repository_is_not_stopped_by_provenance(render: Callable[..., Path]) -> None:
    # GitHub takes provenance of a private repository on one of its plans only.
    attest = next(step for step in steps(render(), "publish") if "actions/attest" in step.get("uses", ""))
    assert attest["if"] == "github.event.repository.private == false"
