"""The library's public names have types for those who use it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

USER = """
from pathlib import Path

import pyo3_kit
from pyo3_kit import Created, KitError, Request, create


def make(folder: Path) -> Path:
    try:
        created: Created = create(Request(path=str(folder)))
    except KitError as error:
        raise SystemExit(error.exit_code) from error
    reveal_type(create)
    return created.path


VERSION: str = pyo3_kit.__version__
"""


@pytest.mark.slow
def test_mypy_sees_the_types_in_a_users_project(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(USER)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "user.py"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Success: no issues found" in result.stdout, result.stdout
    assert 'Revealed type is "def (request: pyo3_kit.creation' in result.stdout
