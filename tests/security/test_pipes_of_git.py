"""A pipe or a device that Git would read by itself is named, and no command waits for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.command import run_kit
from tests.support.forks import Forks
from tests.update.templates import Project

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes among files")


@pytest.fixture
def project(made: Project, tmp_path: Path) -> Project:
    return made.copy(tmp_path / "project")


PLACES = (".gitattributes", ".gitignore", ".git/info/exclude", ".git/info/attributes", ".git/config", ".git/index")


@pytest.mark.parametrize("place", PLACES)
def test_a_pipe_is_named(forks: Forks, project: Project, place: str) -> None:
    path = project.root / place
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    done = forks.run("update", folder=project.root, seconds=60)
    assert done.code == 2, done.err
    assert f"{Path(place).name} is a named pipe" in done.err


def test_a_device_is_named(forks: Forks, project: Project) -> None:
    (project.root / ".git/info/exclude").unlink(missing_ok=True)
    (project.root / ".git/info").mkdir(exist_ok=True)
    (project.root / ".git/info/exclude").symlink_to("/dev/zero")
    done = forks.run("update", folder=project.root, seconds=60)
    assert done.code == 2, done.err
    assert "exclude is a device" in done.err


def test_the_null_device_is_no_trap(project: Project) -> None:
    (project.root / ".git/info").mkdir(exist_ok=True)
    (project.root / ".git/info/exclude").unlink(missing_ok=True)
    (project.root / ".git/info/exclude").symlink_to(os.devnull)
    assert run_kit("update", folder=project.root).code in (0, 1)
