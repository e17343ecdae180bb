"""Under `python -OO`, without assertions and docstrings, everything is as it is else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.audit.disk import lay_out

SLOW = pytest.mark.slow
CLASS = "use pyo3::prelude::*;\n#[pyclass]\nstruct A { x: u8 }\n"


def run(folder: Path, level: str, *arguments: str) -> tuple[int, str, str]:
    environment = {**os.environ, "PYTHONOPTIMIZE": level, "COLUMNS": "100"}
    command = [sys.executable, "-m", "pyo3_kit", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "PYO011"),
        pytest.param(("explain",), marks=SLOW),
        pytest.param(("explain", "PYO174"), marks=SLOW),
        pytest.param(("check", "."), marks=SLOW),
        ("check", ".", "--format", "sarif"),
        pytest.param(("check", ".", "--format", "github"), marks=SLOW),
        pytest.param(("check", ".", "--statistics"), marks=SLOW),
        ("fleet", "update", "--help"),
        pytest.param(("overlay", "add", "--help"), marks=SLOW),
        pytest.param(("fleet", "--help"), marks=SLOW),
        pytest.param(("new", "x", "--defaults", "--dry-run"), marks=SLOW),
        pytest.param(("questions", "--json"), marks=SLOW),
        pytest.param(("presets", "lean"), marks=SLOW),
        pytest.param(("update", "--bogus"), marks=SLOW),
    ],
    ids=str,
)
def test_the_same_as_without(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    lay_out(tmp_path, {"src/lib.rs": CLASS})
    plain = run(tmp_path, "", *arguments)
    assert plain[0] in (0, 1, 2)
    assert run(tmp_path, "2", *arguments) == plain


def test_a_template_whose_path_is_absolute(tmp_path: Path) -> None:
    """Copier keeps such out by an assertion."""
    from tests.update.templates import Template

    template = Template(tmp_path / "template")
    outside = tmp_path / "outside"
    template.release(
        "v1.0.0",
        {
            "copier.yml": f"_subdirectory: template\ne: {{type: str, default: {outside}}}\n",
            "template/{{ e }}/x": "evil\n",
        },
    )
    for level in ("", "2"):
        code, _, error = run(tmp_path, level, "new", "n", "--template", f"git+file://{template.root}", "--defaults")
        assert code == 2, error
        assert not outside.exists()
        assert not (tmp_path / "n").exists()
