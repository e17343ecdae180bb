"""Both async bridges in all their modes, on each kind of event loop: what a project's awaitables must survive."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.queue.overlay import PROJECT, add_modes
from tests.support.project import Project, interpreter

BRIDGES: dict[str, dict[str, Any]] = {
    "queue": {"async_bridge": "completion-queue", "disable_reference_pool": True},
    "queue-with-pool": {"async_bridge": "completion-queue"},
    "pyo3-async-runtimes": {"async_bridge": "pyo3-async-runtimes"},
}
MODES = 39


def cases() -> list[object]:
    """The newest line on one Python is slow; the other lines and Pythons belong to the matrix."""
    found: list[object] = []
    for bridge in BRIDGES:
        for line, version in (("0.30", "3.11"), ("0.28", "3.10"), ("0.29", "3.13"), ("0.30", "3.14t")):
            usual = (line, version) == ("0.30", "3.11") and bridge != "queue-with-pool"
            marks = [pytest.mark.slow if usual else pytest.mark.matrix]
            found.append(pytest.param(bridge, line, version, id=f"{bridge}-{line}-{version}", marks=marks))
    return found


@pytest.mark.parametrize(("bridge", "line", "version"), cases())
def test_modes(bridge: str, line: str, version: str, render: Callable[..., Path], tmp_path: Path) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no CPython {version} on this machine")
    project = Project(render(async_runtime=True, pyo3=line, **BRIDGES[bridge]), tmp_path, python)
    add_modes(project.path)
    project.commit()
    wheel = project.wheel(project.path, "--profile", "dev")
    venv = project.venv("--group", f"{project.path}/pyproject.toml:test", str(wheel))
    output = venv.run("pytest", "tests/test_async_modes.py", "-q", cwd=project.path)
    # Without uvloop its runs are skipped, and pyo3-async-runtimes has two known limits.
    passed = re.search(r"(\d+) passed", output)
    assert passed is not None, output
    assert int(passed[1]) >= 2 * (MODES - 2), output


def test_the_modes_are_all_there() -> None:
    found = 0
    for path in (PROJECT / "async_modes").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                calls = [d.func for d in node.decorator_list if isinstance(d, ast.Call)]
                found += any(isinstance(call, ast.Name) and call.id == "mode" for call in calls)
    assert found == MODES
