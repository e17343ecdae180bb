"""An adoption that was killed half-way is finished or undone, and until then stands in the way of another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adoption.projects import MIXED, adopt, refused, write
from tests.support.command import environment
from tests.support.history import git

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process that can be killed at a moment"),
]

KILLED = """\
import os, signal, sys
from pathlib import Path
from pyo3_kit.adoption import AdoptRequest, apply, plan

adoption = plan(AdoptRequest(Path(sys.argv[1])))
moved = []

def watch(event, arguments):
    if event == "os.rename" and os.path.basename(str(arguments[1])) in ("Cargo.toml", "pyproject.toml"):
        moved.append(arguments)
        if len(moved) == 2:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
apply(adoption)
"""


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    root = write(tmp_path, MIXED)
    command = [sys.executable, "-c", KILLED, str(root)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not (root / ".copier-answers.yml").exists()
    assert git(root, "status", "--porcelain") != ""
    return root


def test_it_stands_in_the_way_and_is_finished(killed: Path) -> None:
    refused(killed, "--defaults", said="pyo3-kit adopt --continue")
    assert adopt(killed, "--continue").code == 0
    assert "codegen-units" in (killed / "Cargo.toml").read_text()
    assert "[tool.pyo3-kit.template]" in (killed / "pyproject.toml").read_text()
    assert "already adopted" in adopt(killed).err


def test_it_is_undone(killed: Path) -> None:
    assert adopt(killed, "--abort").code == 0
    assert git(killed, "status", "--porcelain") == ""
    assert adopt(killed, "--dry-run").code == 0
