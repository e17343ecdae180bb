"""A fleet of sixty repositories goes from the oldest release to the newest: at once, again, after a kill, in parts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pyo3_kit.fleet.model import Report
from pyo3_kit.fleet.reports import report_from_object
from pyo3_kit.template.location import template_commit
from tests.fleet.world import BRANCH, World, fixed_dates, merge_branch, restore
from tests.support.command import environment, run_kit
from tests.support.history import git

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Whole:
    """One run over the whole fleet: its report, all refs after it, and a copy of the fleet as it is then."""

    report: Report
    heads: dict[str, str]
    saved: Path


@pytest.fixture(scope="session")
def whole(built: tuple[World, Path]) -> Whole:
    world, saved = built
    restore(saved, world.root)
    with fixed_dates():
        report = update(world, "--jobs", "2")
    after = saved.with_name("after")
    restore(world.root, after)
    return Whole(report, world.heads(), after)


def update(world: World, *options: str) -> Report:
    """Update the fleet, and return the report."""
    done = run_kit("fleet", "update", "--json", *options, folder=world.root)
    assert done.code == 1, done.err
    return report_from_object(done.object, "stdout")


def states(report: Report) -> dict[str, str]:
    return {row.name: row.state.value for row in report.rows}


def plain(report: Report) -> list[dict[str, Any]]:
    """The rows without what tells a first push from a second look."""
    rows = [row.as_object() for row in report.rows]
    return [{**row, "seconds": 0, "reason": row["reason"].removesuffix("; pushed before")} for row in rows]


def test_the_whole_fleet(whole: Whole, world: World, tmp_path: Path) -> None:
    before, files = world.heads(), world.files()
    assert len({key.split()[0] for key in before}) >= 60
    restore(whole.saved, world.root)
    first = whole.report
    assert states(first) == world.expected

    # What was there is there: no work tree and no ref but the branches of the updates.
    after = world.heads()
    assert world.files() == files
    assert before.items() <= after.items()
    updated = {member.name for member in world.members if member.state == "updated"}
    assert {key.split()[0] for key in after.keys() - before.keys()} == updated
    for row in first.rows:
        if row.name in updated:
            assert (row.commit, row.pushed) == (after[f"{row.name} refs/heads/{BRANCH}"], True)
    for member in world.members:
        if member.name in updated:
            newest = "v2.0.0" if member.name.startswith("shop") else template_commit()
            assert f"_commit: {newest}" in world.text(member, ".copier-answers.yml")
            parents = git(member.place, "show", "-s", "--format=%P", BRANCH)
            assert parents == git(member.place, "rev-parse", "HEAD")
            if member.edit is not None:
                assert member.edit[1].strip() in world.text(member, member.edit[0])
            said = git(member.place, "show", "-s", "--format=%B", BRANCH)
            assert f": from {member.version} to {newest}" in said.splitlines()[0]
            assert "it records the version and the answers" in said
        if member.name.startswith("deleted"):
            assert "CONTRIBUTING.md" not in git(member.place, "ls-tree", "--name-only", BRANCH).splitlines()
    for row in (row for row in first.rows if row.state.value == "unpushed"):
        clone = world.root / ".pyo3-kit-fleet" / "repositories" / row.name
        assert git(clone, "rev-parse", BRANCH) == row.commit
        assert "deny updating a hidden ref" in row.reason
    for row in (row for row in first.rows if row.state.value == "conflicts"):
        assert (row.conflicts, row.pushed, row.commit) == (("config.toml",), False, None)

    merge_branch(next(member for member in world.members if member.name == "merged"), tmp_path / "merged")
    settled = world.heads()
    second = update(world, "--jobs", "1")
    assert states(second) == {**world.expected, "merged": "merged"}
    assert world.heads() == settled
    assert [row for row in plain(first) if row["name"] != "merged"] == [
        row for row in plain(second) if row["name"] != "merged"
    ]


def test_a_killed_run_is_gone_on_with(world: World) -> None:
    before, files = world.heads(), world.files()
    journal = world.root / ".pyo3-kit-fleet" / "journal-update.jsonl"
    words = [sys.executable, "-m", "pyo3_kit", "fleet", "update", "--jobs", "2"]
    process = subprocess.Popen(
        words, cwd=world.root, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while not journal.exists() or journal.read_text().count("\n") < 12:
        assert process.poll() is None
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    killed = world.heads()
    assert world.files() == files
    assert before.items() <= killed.items()
    assert {key.split()[1] for key in killed.keys() - before.keys()} == {f"refs/heads/{BRANCH}"}
    done = {json.loads(line)["row"]["name"] for line in journal.read_text().splitlines()}
    assert 12 <= len(done) < len(world.members) - 6

    # What a person may have mended since is looked at again.
    kept = {name for name in done if world.expected[name] in ("updated", "current", "conflicts")}
    result = run_kit("fleet", "update", "--json", "--resume", "--jobs", "1", folder=world.root)
    assert f"{len(kept)} of " in result.err
    resumed = report_from_object(result.object, "stdout")
    assert states(resumed) == world.expected
    assert killed.items() <= world.heads().items()
    assert not journal.exists()


def test_dask_and_shards_give_the_same(whole: Whole, world: World, built: tuple[World, Path]) -> None:
    distributed: Any = import_module("distributed")
    parts = []
    for number in range(1, 5):
        done = run_kit("fleet", "update", "--json", "--jobs", "1", "--shard", f"{number}/4", folder=world.root)
        parts.append(world.root / f"{number}.json")
        parts[-1].write_text(done.out)
        assert done.object["shard"] == f"{number}/4"
        assert 8 < len(done.object["rows"]) < 35
    merged = run_kit("fleet", "report", "--json", *map(str, parts), folder=world.root)
    assert merged.code == 1
    assert report_from_object(merged.object, "stdout") == whole.report
    assert world.heads() == whole.heads

    restore(built[1], world.root)
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster:
        clustered = update(world, "--scheduler", cluster.scheduler_address)
    assert clustered == whole.report
    assert world.heads() == whole.heads
