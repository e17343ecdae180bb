"""The linter sees every file of ours: an exclude that matches more than it was meant for hides files in silence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.command import ROOT


def test_ruff_sees_every_file_of_src_and_tests() -> None:
    shown = run(sys.executable, "-m", "ruff", "check", "--show-files")
    seen = {Path(line).relative_to(ROOT).as_posix() for line in shown}
    ours = {path for path in run("git", "ls-files", "src", "tests") if path.endswith(".py") and (ROOT / path).is_file()}
    assert len(ours) > 400
    assert ours - seen == set(), "name these folders in `extend-exclude` of pyproject.toml more precisely"


def run(*command: str) -> list[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
