"""Waves, the rule that stops a rollout, what goes on after that, and runs that meet."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from tests.fleet.small import BRANCH, Small
from tests.support.command import environment
from tests.update.templates import git


def test_a_rollout_stops_when_too_many_fail(small: Small) -> None:
    """The projects of this template have nothing that builds, so their verification fails."""
    small.top("stop-at = 40")
    for name, wave in (("a", 1), ("b", 1), ("c", 2), ("d", 3)):
        small.local(name, f"wave = {wave}")
    result = small.run("update", "--verify", "--json", "--jobs", "1")
    rows = {row["name"]: row for row in result.object["rows"]}
    assert (rows["a"]["state"], rows["c"]["state"], rows["d"]["state"]) == ("failed", "skipped", "skipped")
    assert "does not use maturin" in rows["a"]["reason"]
    # One of two is more than 40 %, whatever comes of the other.
    assert rows["b"]["state"] == "skipped"
    assert result.object["stopped"] == "1 of 2 failed in wave 1, more than 40 %"
    assert result.code == 1


def test_a_rollout_goes_on_below_the_limit(small: Small) -> None:
    small.top("stop-at = 100")
    small.local("a")
    small.local("b", "wave = 2")
    result = small.run("update", "--verify", "--json", "--jobs", "1")
    assert {row["state"] for row in result.object["rows"]} == {"failed"}
    assert result.object["stopped"] is None


def test_only_what_is_verified_counts(small: Small) -> None:
    """A person who goes on with a branch does not make the failures of others a smaller share."""
    small.top("stop-at = 50")
    remote = small.remote("a")
    small.run("update")
    work = small.work(remote, BRANCH).edit({"more.txt": "mine\n"})
    git(work.root, "push", "-q", "origin", "HEAD")
    small.local("b")
    small.local("c", "wave = 2")
    result = small.run("update", "--verify", "--json")
    rows = {row["name"]: row for row in result.object["rows"]}
    assert {name: (row["state"], row["verified"]) for name, row in rows.items()} == {
        "a": ("updated", False),
        "b": ("failed", True),
        "c": ("skipped", False),
    }
    assert result.object["stopped"] == "1 of 1 failed in wave 1, more than 50 %"


def test_a_dry_run_verifies_nothing(small: Small) -> None:
    small.top("stop-at = 0\nverify = true")
    small.local("a")
    assert small.states("update", "--dry-run") == {"a": "would update"}


def test_filters_and_shards_cut_the_fleet(small: Small) -> None:
    names = [f"{kind}-{number}" for kind in ("red", "blue") for number in range(6)]
    for name in names:
        small.text += f'[[repository]]\npath = "{name}"\n'
    assert set(small.states("status", "--filter", "red-*", "--filter", "blue-1")) == {*names[:6], "blue-1"}
    parts = [set(small.states("status", "--shard", f"{number}/3")) for number in (1, 2, 3)]
    assert sum(map(len, parts)) == len(names)
    assert set().union(*parts) == set(names)
    # Another repository moves none of them.
    small.text += '[[repository]]\npath = "new"\n'
    assert [set(small.states("status", "--shard", f"{number}/3")) - {"new"} for number in (1, 2, 3)] == parts
    planned = small.run("plan", "--shards", "3", "--json").object["include"]
    assert [set(part["repositories"]) - {"new"} for part in planned] == parts
    result = small.run("status", "--filter", "green-*")
    assert (result.code, "No repository of the fleet is called green-*" in result.err) == (2, True)


@pytest.mark.parametrize("shard", ["0/3", "4/3", "a/b", "1", "-1/3", "1/0"])
def test_a_shard_that_is_none(small: Small, shard: str) -> None:
    small.local("a")
    result = small.run("status", f"--shard={shard}")
    assert (result.code, "not a valid shard" in result.err) == (2, True)


def test_two_runs_in_one_workspace(small: Small) -> None:
    from pyo3_kit.fleet.locks import own_workspace

    small.local("a")
    with own_workspace(small.workspace):
        result = small.run("status")
        assert (result.code, result.out) == (2, "")
        assert "Another run is using the workspace" in result.err
        other = small.run("status", "--workspace", str(small.root / "other"))
        assert other.code == 1
    assert small.run("status").code == 1


def test_a_dead_run_holds_no_lock(small: Small) -> None:
    small.local("a")
    (small.root / "fleet.toml").write_text(small.text)
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom pyo3_kit.fleet.locks import own_workspace\n"
        f"with own_workspace(Path({str(small.workspace)!r})):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], env=environment(), stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    assert small.run("status").code == 2
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert small.run("status").code == 1


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_in_a_terminal(small: Small, jobs: str) -> None:
    projects = [small.local(f"p{number:02}") for number in range(14)]
    (small.root / "fleet.toml").write_text(small.text)
    before = {project.root.name: project.files() for project in projects}
    words = ["-m", "pyo3_kit", "fleet", "update", "--jobs", jobs, "--trust-template", small.templates]
    shell = pexpect.spawn(
        sys.executable,
        words,
        cwd=str(small.root),
        env={**environment(), "TERM": "xterm"},
        dimensions=(24, 120),
        encoding="utf-8",
        # The echo of Ctrl-C may come between the bytes of a character.
        codec_errors="replace",
    )
    journal = small.workspace / "journal-update.jsonl"
    while not journal.exists() or journal.read_text().count("\n") < 3:
        assert shell.isalive(), shell.read()
        time.sleep(0.01)
    shell.sendintr()
    shell.expect(pexpect.EOF, timeout=300)
    shell.close()
    said = str(shell.before)
    assert shell.exitstatus == 130, said
    assert "Traceback" not in said
    assert "of 14 repositories are done; all repositories are intact" in said
    done = journal.read_text().splitlines()
    assert 3 <= len(done) < 14
    assert {project.root.name: project.files() for project in projects} == before
    result = small.run("update", "--resume", "--json", "--jobs", "1")
    assert f"{len(done)} of 14 repositories are already done" in result.err
    assert {row["state"] for row in result.object["rows"]} == {"updated"}
    assert not journal.exists()


@pytest.mark.slow
def test_progress_is_shown_in_a_terminal_only(small: Small) -> None:
    for number in range(3):
        small.local(f"p{number}")
    (small.root / "fleet.toml").write_text(small.text)
    words = ["-m", "pyo3_kit", "fleet", "status", "--jobs", "1", "--json"]
    shell = pexpect.spawn(
        "/bin/sh",
        ["-c", f"{sys.executable} {' '.join(words)} > out.json"],
        cwd=str(small.root),
        env={**environment(), "TERM": "xterm"},
        dimensions=(24, 120),
        encoding="utf-8",
    )
    shell.expect("0/3.*p0", timeout=300)
    shell.expect(pexpect.EOF, timeout=300)
    shell.close()
    assert len(json.loads((small.root / "out.json").read_text())["rows"]) == 3
    assert small.run("status", "--json", "--jobs", "1").err == ""


def test_a_workspace_that_cannot_be_written(small: Small, tmp_path: Path) -> None:
    small.local("a")
    (tmp_path / "file").write_text("")
    result = small.run("status", "--workspace", str(tmp_path / "file" / "inside"))
    assert (result.code, result.out) == (2, "")
    assert "making the fleet's workspace" in result.err
