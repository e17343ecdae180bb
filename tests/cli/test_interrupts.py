"""A signal at one given moment: what the message says of it is true, and it is printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import environment

INTERRUPTING = """
import os, signal, sys
from pyo3_kit.cli import main

file, function, *arguments = sys.argv[1:]

def send(frame, event, _):
    if event != "call" or os.path.basename(frame.f_code.co_filename) != file:
        return
    name = frame.f_code.co_name
    if function in (name, f"{type(frame.f_locals.get('self')).__name__}.{name}"):
        os.kill(os.getpid(), signal.SIGTERM)

sys.setprofile(send)
sys.exit(main(arguments))
"""


def interrupted(folder: Path, file: str, function: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`pyo3-kit`, with a signal at the first call of this function."""
    command = [sys.executable, "-c", INTERRUPTING, file, function, *arguments]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("file", "function"),
    [("creation.py", "create"), ("_copier.py", "render_into"), ("contextlib.py", "redirect_stderr.__exit__")],
    ids=["begin", "render", "redirected"],
)
def test_before_the_commit_nothing_is_written(tmp_path: Path, file: str, function: str) -> None:
    done = interrupted(tmp_path, file, function, "new", "my-lib", "--defaults", "--no-git")
    assert (done.returncode, done.stderr) == (130, "error: Interrupted: nothing was written.\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file", "function"), [("creation.py", "next_commands"), ("new.py", "_show")], ids=["closing", "printing"]
)
def test_after_the_commit_the_message_says_so(tmp_path: Path, file: str, function: str) -> None:
    done = interrupted(tmp_path, file, function, "new", "my-lib", "--defaults", "--no-git")
    assert done.returncode == 130
    assert done.stderr.startswith("error: Interrupted, but the changes were already written.\n")
    assert (tmp_path / "my-lib" / ".copier-answers.yml").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["my-lib"]
