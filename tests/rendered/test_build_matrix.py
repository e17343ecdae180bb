"""The pairwise set of combinations, each built and tested for real, on the Pythons that there are in turn."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.support.matrix import build_matrix, ci_part, name
from tests.support.project import Project, interpreter
from tests.support.space import Answers, exported

PYTHONS = ("3.10", "3.11", "3.13")

COMBINATIONS = build_matrix(exported())
PART = ci_part(COMBINATIONS)

find = cache(interpreter)


def parameters() -> list[object]:
    marks = [[pytest.mark.part] if index in PART else [] for index in range(len(COMBINATIONS))]
    return [
        pytest.param(index, row, marks=mark, id=name(row))
        for index, (row, mark) in enumerate(zip(COMBINATIONS, marks, strict=True))
    ]


def supported(row: Answers) -> list[str]:
    """The Pythons of this machine that the project supports, beginning with a different one each time."""
    oldest = int(row["python_min"][2:])
    return [version for version in (*PYTHONS, "3.12") if int(version[2:]) >= oldest]


@pytest.mark.matrix
@pytest.mark.parametrize(("index", "row"), parameters())
def test_combination(index: int, row: Answers, render: Callable[..., Path], tmp_path: Path) -> None:
    rendered = render(**row)
    candidates = supported(row)
    version = candidates[index % min(len(candidates), len(PYTHONS))]
    python = find(version)
    if python is None:
        pytest.skip(f"no CPython {version} on this machine")
    project = Project(rendered, tmp_path, python)
    project.cargo("fmt", "--all", "--check")
    project.clippy()
    project.cargo("test", "--workspace", "--quiet")

    wheel = project.wheel(project.sdist(), "--release")
    venv = project.venv("--group", f"{project.path}/pyproject.toml:test", str(wheel))
    venv.run("pytest", cwd=project.path)
    if row["stubs"]:
        venv.install("--group", f"{project.path}/pyproject.toml:lint")
        venv.run("python", "-m", "mypy.stubtest", "my_lib", cwd=tmp_path)
        venv.run("mypy", cwd=project.path)

    if row["free_threaded"]:
        free = find("3.14t")
        if free is None:
            pytest.skip("built and tested with the GIL; there is no python3.14t on PATH for the rest")
        (tmp_path / "free").mkdir()
        project = Project(rendered, tmp_path / "free", free)
        wheel = project.wheel(project.path, "--profile", "dev")
        venv = project.venv("--group", f"{project.path}/pyproject.toml:test", str(wheel))
        venv.run("pytest", cwd=project.path)
        venv.run("pytest", "--parallel-threads=4", cwd=project.path)
        off = "import sys, my_lib; assert not sys._is_gil_enabled()"
        venv.run("python", "-c", off, cwd=tmp_path)
