"""The library's public names have types for those who use it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

USER = """
from pathlib import Path

import pyo3_kit
from pyo3_kit import Created, KitError, Request, UpdatePlan, adopt_project, check_project, create, create_project
from pyo3_kit import migrate_project, read_status, update_project


def make(folder: Path) -> Path:
    try:
        created: Created = create(Request(path=str(folder)))
    except KitError as error:
        raise SystemExit(error.exit_code) from error
    reveal_type(create)
    return created.path


def keep(folder: Path) -> list[str]:
    if not read_status(folder).behind:
        return []
    plan: UpdatePlan = update_project(folder, conflicts="ours", answers={"hooks": True})
    result = check_project(folder, select=["ALL"], fix=True)
    lines = [result.report.line(finding) for finding in result.report.findings]
    moved = migrate_project(folder, to="0.30").review
    adopted: dict[str, object] = dict(adopt_project(folder).answers)
    new = create_project(str(folder), preset="lean", dry_run=True).files
    return [merge.path for merge in plan.files] + [f"{lines} {moved} {adopted} {new}"]


VERSION: str = pyo3_kit.__version__
"""


@pytest.mark.slow
def test_mypy_sees_the_types_in_a_users_project(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(USER)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "user.py"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Success: no issues found" in result.stdout, result.stdout
    assert 'Revealed type is "def (request: pyo3_kit.creation' in result.stdout
