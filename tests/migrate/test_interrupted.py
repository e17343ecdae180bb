"""A migration that is killed half-way is finished or undone, and nothing else is done until then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pyo3_kit.migrate.planning import MigrateRequest, plan
from tests.migrate.support import CODE, files, make
from tests.support.command import environment, run_kit

pytestmark = pytest.mark.slow

# The process is gone as soon as one file is in its place.
KILLED = """\
import os
from pyo3_kit.cli import main
from pyo3_kit.transaction.steps import Move
put = Move._set
def once(*arguments):
    put(*arguments)
    os._exit(9)
Move._set = once
main(["migrate", "--to", "0.28", "--allow-no-vcs"])
"""


@pytest.mark.parametrize(("option", "moved"), [("--continue", True), ("--abort", False)])
@pytest.mark.parametrize("git", [True, False], ids=["git", "no-git"])
def test_a_kill_between_two_files(
    option: str, moved: bool, git: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYO3_KIT_CACHE", str(tmp_path / "cache"))
    root = make(tmp_path / "project", {"src/more.rs": CODE}, git=git)
    before = files(root)
    made = plan(MigrateRequest(root, "0.28"))
    after = before | {path: new.content for path, (_, new) in made.files.items()}
    assert len(made.files) > 1

    killed = subprocess.run([sys.executable, "-c", KILLED], cwd=root, env=environment(), check=False)
    assert killed.returncode == 9
    half = {path: text for path, text in files(root).items() if path in before}
    assert half not in (before, after)

    refused = run_kit("migrate", "--to", "0.28", folder=root)
    assert refused.code == 2
    assert "was interrupted" in refused.err
    settled = run_kit("migrate", option, folder=root)
    assert settled.code == 0, settled.err
    assert files(root) == (after if moved else before)
    assert run_kit("migrate", "--to", "0.28", "--dry-run", folder=root).code == 0
