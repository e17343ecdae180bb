"""A Copier that lacks a private name which is relied on: one message instead of a traceback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import copier
import pytest


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new"), [("_ask", "_ask_all"), ("AnswersMap", "Answers")], ids=["method", "class"])
def test_another_copier_is_refused_by_name(tmp_path: Path, old: str, new: str) -> None:
    site = tmp_path / "site"
    shutil.copytree(Path(copier.__file__).parent, site / "copier")
    for path in site.rglob("*.py"):
        path.write_text(re.sub(rf"\b{old}\b", new, path.read_text(encoding="utf-8")), encoding="utf-8")
    (site / "copier-9.99.0.dist-info").mkdir()
    (site / "copier-9.99.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: copier\nVersion: 9.99.0\n")
    done = subprocess.run(
        [sys.executable, "-m", "pyo3_kit", "new", "lib", "--defaults"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Copier 9.99.0 is installed, which pyo3-kit was not tested with" in done.stderr
    assert "pip install 'copier" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 2
    assert not (tmp_path / "lib").exists()
