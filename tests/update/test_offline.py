"""The installed package updates a project that an older release made, with nothing but itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pyo3_kit.template.releases import HISTORY, Release, releases
from tests.support.history import commit_all, git, render_release, tagged_template

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, built from a clone that has the tags."""
    folder = tmp_path_factory.mktemp("wheel")
    clone = tagged_template(folder / "clone")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=clone, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "installed")
    return folder / "installed"


def test_the_wheel_carries_every_release(installed: Path) -> None:
    with zipfile.ZipFile(installed / "pyo3_kit" / "_template" / HISTORY) as history:
        named = {name for name in history.namelist() if name.startswith("versions/")}
    assert named == {f"versions/{release.version}.json" for release in releases()}


@pytest.mark.parametrize("release", releases(), ids=lambda release: release.version)
def test_an_update_needs_no_network(installed: Path, release: Release, tmp_path: Path) -> None:
    project = render_release(release, tmp_path / "project", {})
    commit_all(project)
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "PYO3_KIT_CACHE": str(tmp_path / "cache"),
        # Git speaks no protocol at all.
        "GIT_ALLOW_PROTOCOL": "none",
    }
    command = [sys.executable, "-m", "pyo3_kit", "update", "--json"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    made = json.loads(done.stdout)
    version = json.loads((installed / "pyo3_kit" / "_template" / "version.json").read_text())["commit"]
    assert (made["from"], made["to"]) == (release.version, version)
    assert f"_commit: {version}\n" in (project / ".copier-answers.yml").read_text()
    assert git(project, "status", "--porcelain")
