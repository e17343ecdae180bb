from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.questions.reading import recorded, text, toml
from tests.support.project import Venv, interpreter

RELEASES = {"github": ".github/workflows/release.yml", "gitlab": ".gitlab/release.yml"}


def command(project: Path) -> str:
    """What maturin runs between the two builds."""
    found: str = toml(project)["tool"]["maturin"]["pgo-command"]
    return found


def test_no_is_the_default(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["pgo"] is False
    assert "pgo-command" not in toml(project)["tool"]["maturin"]
    assert "--pgo" not in text(project, ".github/workflows/release.yml")


def test_yes_trains_on_the_benchmarks(render: Callable[..., Path]) -> None:
    project = render(pgo=True, benchmarks=True)
    assert "benchmarks" in command(project)
    assert "--pgo" in text(project, ".github/workflows/release.yml")


def test_it_trains_on_what_there_is(render: Callable[..., Path]) -> None:
    project = render(pgo=True, benchmarks=False)
    for folder in command(project).rpartition("pytest ")[2].split():
        assert (project / folder).is_dir(), f"`{command(project)}` names {folder}, which the project has not"


@pytest.mark.parametrize("ci", RELEASES)
@pytest.mark.parametrize("wheels", ["version-specific", "abi3+abi3t"])
def test_what_it_trains_on_can_be_run(render: Callable[..., Path], ci: str, wheels: str) -> None:
    # For a bare version maturin has a description of an interpreter, and no interpreter.
    release = text(render(pgo=True, ci=ci, wheels=wheels), RELEASES[ci])
    names = [name for found in re.findall(r"--interpreter (.*)", release) for name in found.split()]
    assert names
    assert all(re.fullmatch(r"python3\.\d+t?", name) for name in names), names


@pytest.mark.slow
def test_it_brings_its_own_pip(render: Callable[..., Path], tmp_path: Path) -> None:
    """Where there is uv, maturin makes the environment by it, and there is no pip in such an environment."""
    python = interpreter("3.11")
    assert python is not None, "the tests need CPython 3.11"
    venv = Venv(tmp_path / "venv", python)
    start, _, rest = command(render(pgo=True)).partition(" && python -m pip install --group ")
    assert rest
    venv.run_line(start, cwd=tmp_path)
    venv.run("python", "-m", "pip", "install", "--help", cwd=tmp_path)
