"""What a killed `new` leaves is removed by the next one, or named; what a running one has is left alone."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.transaction.new_folder import check_target, open_staging
from tests.support.command import environment, snapshot

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a process that can be killed at a moment")

MAKE = """\
import os, signal, sys, time
from pathlib import Path
from pyo3_kit.transaction.new_folder import check_target, open_staging

path, event, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
seen = 0

def watch(happened, arguments):
    global seen
    if happened == event:
        seen += 1
        if seen == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

with open_staging(check_target(path, force=True)) as staging:
    for name in ("a", "b/c", "d/e"):
        (staging.project / name).parent.mkdir(parents=True, exist_ok=True)
        (staging.project / name).write_text(name)
    if event == "wait":
        print("ready", flush=True)
        time.sleep(60)
    sys.addaudithook(watch)
    staging.commit()
"""
WHOLE = {"a": b"a", "b": None, "b/c": b"b/c", "d": None, "d/e": b"d/e"}


def make(path: Path, event: str, number: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", MAKE, str(path), event, str(number)]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)


def run(path: Path, event: str = "never", number: int = 0) -> int:
    with make(path, event, number) as process:
        return process.wait(timeout=60)


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("exists", [False, True], ids=["new", "existing"])
def test_killed_while_it_is_put_in_its_place(tmp_path: Path, exists: bool, number: int) -> None:
    path = tmp_path / "p"
    if exists:
        path.mkdir()
    code = run(path, "os.rename", number)
    assert code == (-signal.SIGKILL if exists or number == 1 else 0)
    if exists and number > 1:
        with pytest.raises(Refused, match="was killed before it was done") as refusal:
            check_target(str(path), force=False)
        assert "--force" in refusal.value.hint
    else:
        check_target(str(path), force=exists or code == 0)
    assert run(path) == 0
    assert snapshot(tmp_path) == {"p": None, **{f"p/{name}": content for name, content in WHOLE.items()}}


def test_one_that_is_running_is_left_alone(tmp_path: Path) -> None:
    with make(tmp_path / "one", "wait", 0) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        assert run(tmp_path / "other") == 0
        (left,) = tmp_path.glob(".pyo3-kit-new-*")
        assert (left / "one/a").read_text() == "a"
        running.kill()
    with open_staging(check_target(str(tmp_path / "third"), force=False)):
        assert not left.exists()
    assert snapshot(tmp_path) == {"other": None, **{f"other/{name}": content for name, content in WHOLE.items()}}


def test_a_folder_that_only_looks_like_one_is_left(tmp_path: Path) -> None:
    (tmp_path / ".pyo3-kit-new-mine").mkdir()
    (tmp_path / ".pyo3-kit-new-mine/notes").write_text("mine")
    (tmp_path / ".pyo3-kit-new-link").symlink_to(tmp_path / ".pyo3-kit-new-mine")
    before = snapshot(tmp_path)
    with open_staging(check_target(str(tmp_path / "x"), force=False)):
        pass
    assert snapshot(tmp_path) == before
