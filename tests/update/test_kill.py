"""An update that is killed, or refused something, at any moment: the project is whole, or can be made so."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import FileMerge
from pyo3_kit.transaction.apply import abort, apply, resume, state, sweep
from pyo3_kit.transaction.journal import Place
from tests.update import disk
from tests.update.disk import ANSWERS, BEFORE, MERGES, META, Farm, clean
from tests.update.farm import CHANGES

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be killed at a moment")

KILLED = signal.SIGKILL
SLOW = pytest.mark.slow


@pytest.fixture(scope="module")
def farm() -> Iterator[Farm]:
    farm = Farm()
    yield farm
    farm.close()


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return disk.repository(tmp_path_factory.mktemp("committed") / "project", BEFORE)


class Check:
    """What a project may be after a kill, and what takes it on from there."""

    def __init__(self, committed: Place, farm: Farm, what: str, folder: Path) -> None:
        self.committed, self.farm, self.what, self.folder = committed, farm, what, folder
        self.before = disk.snapshot(committed.root)
        self.index = disk.index(committed) if what != "clean" else None
        done = self.copy("done")
        self.events = farm.run(done, what=what)["events"]
        self.after = disk.snapshot(done.root)
        self.after_index = disk.index(done) if what != "clean" else None
        self.kept = disk.kept(done)
        assert self.after != self.before

    def copy(self, name: str, of: Place | None = None) -> Place:
        shutil.rmtree(self.folder / name, ignore_errors=True)
        return disk.copy(of or self.committed, self.folder / name)

    def is_before(self, place: Place) -> None:
        assert disk.snapshot(place.root) == self.before
        assert self.index is None or disk.index(place) == self.index
        assert disk.kept(place) == []

    def is_after(self, place: Place) -> None:
        assert disk.snapshot(place.root) == self.after
        assert self.after_index is None or disk.index(place) == self.after_index
        assert [path for path in disk.kept(place) if not path.endswith("/lock")] == self.kept

    def survives(self, place: Place) -> str:
        """Whatever is there now is whole or can be made so, both ways; says what it was."""
        now, pending = disk.snapshot(place.root), state(place)
        keeps_order(now, MERGES[self.what]())
        if pending is None or pending.kind == "conflicts":
            sweep(place)
            if pending is None and now == self.before:
                self.is_before(place)
                return "before"
            self.is_after(place)
            return "after"
        with pytest.raises(Refused, match="was interrupted"):
            apply(place, clean(), last=ANSWERS, meta=META)
        other = self.copy("other", place)
        resume(place)
        self.is_after(place)
        abort(other)
        self.is_before(other)
        return "between"


def keeps_order(now: disk.Snapshot, merges: list[FileMerge]) -> None:
    """When the answers file is the new one, all others are."""
    after = disk.expected(BEFORE, merges)
    if now[ANSWERS][2] == after[ANSWERS].content:
        assert disk.files_of(now) == after, "the answers file says what the project is not"


@pytest.mark.parametrize(
    ("what", "every"),
    [("clean", 6), ("everything", 25), pytest.param("clean", 1, marks=SLOW), pytest.param("everything", 1, marks=SLOW)],
)
def test_killed_at_every_step(committed: Place, farm: Farm, tmp_path: Path, what: str, every: int) -> None:
    """At each step in the slow suite, at some of them in the fast one."""
    check = Check(committed, farm, what, tmp_path)
    found = set()
    for number in range(0, len(check.events), every):
        place = check.copy("killed")
        assert farm.run(place, what=what, kill=number)["status"] == KILLED
        found.add(check.survives(place))
    assert {"before", "between"} <= found


@pytest.mark.slow
@pytest.mark.parametrize("what", ["everything", "clean"])
def test_killed_at_random_moments(committed: Place, farm: Farm, tmp_path: Path, what: str) -> None:
    check = Check(committed, farm, what, tmp_path)
    start = time.perf_counter()
    farm.run(check.copy("killed"), what=what)
    taken, chance = time.perf_counter() - start, random.Random(4)
    for _ in range(100):
        place = check.copy("killed")
        farm.run(place, what=what, after=chance.uniform(0, taken * 1.2))
        check.survives(place)


@pytest.mark.slow
@pytest.mark.parametrize("do", ["resume", "abort"])
def test_killed_while_taking_up(committed: Place, farm: Farm, tmp_path: Path, do: str) -> None:
    """What a kill left half-way is taken up, and that is killed at every step."""
    check = Check(committed, farm, "clean", tmp_path)
    removals = [number for number, event in enumerate(check.events) if event == "os.remove"]
    half = check.copy("half")
    farm.run(half, what="clean", kill=removals[len(removals) // 3])
    assert state(half) is not None
    events = farm.run(check.copy("whole", half), do=do)["events"]
    for number in range(len(events)):
        place = check.copy("killed", half)
        assert farm.run(place, do=do, kill=number)["status"] == KILLED
        check.survives(place)


def test_the_answers_file_first_would_be_found_out(committed: Place, farm: Farm, tmp_path: Path) -> None:
    """The check above would fail if the answers file changed before the others."""
    check = Check(committed, farm, "clean", tmp_path)
    found = 0
    for number, event in enumerate(check.events):
        if event == "os.rename":
            place = check.copy("killed")
            farm.run(place, what="clean", kill=number, first=ANSWERS)
            try:
                keeps_order(disk.snapshot(place.root), clean())
            except AssertionError:
                found += 1
    assert found > 1


@pytest.mark.parametrize(
    ("what", "every"), [("clean", 8), pytest.param("clean", 1, marks=SLOW), pytest.param("everything", 1, marks=SLOW)]
)
def test_anything_refused_brings_everything_back(
    committed: Place, farm: Farm, tmp_path: Path, what: str, every: int
) -> None:
    check = Check(committed, farm, what, tmp_path)
    for number in range(0, len(check.events), every):
        place = check.copy("refused")
        answer = farm.run(place, what=what, fault=number)
        assert answer["status"] == 0
        sweep(place)
        if answer["error"]:
            assert answer["error"].startswith(("Refused: No space", "Refused: Git could not be started")), answer[
                "error"
            ]
            check.is_before(place)
        elif check.events[number] == "os.rmdir":
            # A folder that is in use stays, empty.
            assert disk.files_of(disk.snapshot(place.root)) == disk.files_of(check.after)
        else:
            # Tidying up, which the next run does again, or a flush of what is in its place already.
            check.is_after(place)


@pytest.mark.parametrize("every", [10, pytest.param(1, marks=SLOW)])
def test_a_disk_that_stays_full(committed: Place, farm: Farm, tmp_path: Path, every: int) -> None:
    """Before the first file changes, everything that takes room has been written; so the way back takes none."""
    check = Check(committed, farm, "unswapped", tmp_path)
    for number in range(0, len(check.events), every):
        place = check.copy("full")
        answer = farm.run(place, what="unswapped", full=number)
        assert answer["status"] == 0
        sweep(place)
        if answer["error"]:
            assert answer["error"].startswith(("Refused: No space", "Refused: Git could not be started")), answer[
                "error"
            ]
            check.is_before(place)
        else:
            check.is_after(place)


@pytest.mark.slow
def test_a_disk_that_is_full_half_way_can_be_freed(committed: Place, farm: Farm, tmp_path: Path) -> None:
    check = Check(committed, farm, "clean", tmp_path)
    answers = {}
    for number, event in enumerate(check.events):
        if event == "os.rename":
            place = check.copy("full")
            answer = farm.run(place, what="clean", full=number)
            answers[answer["error"].partition(" (")[0]] = answer
            if "half-way" in answer["error"]:
                assert check.survives(place) == "between"
    assert "Failed: The update stopped half-way" in answers


def test_a_file_changed_between_the_kill_and_its_end(committed: Place, farm: Farm, tmp_path: Path) -> None:
    check = Check(committed, farm, "clean", tmp_path)
    first = next(number for number, event in enumerate(check.events) if event == "os.symlink")
    place = check.copy("killed")
    farm.run(place, what="clean", kill=first)
    (place.root / "README.md").write_text("mine\n")
    now = disk.snapshot(place.root)
    for take_up in (resume, abort):
        with pytest.raises(Refused, match=r"README\.md"):
            take_up(place)
    left = {path: value for path, value in now.items() if not path.rpartition("/")[2].startswith(".pyo3-kit-")}
    found = disk.snapshot(place.root)
    assert {path: found.get(path) for path in left} == left
    (place.root / "README.md").rename(tmp_path / "README.md")
    abort(place)
    check.is_before(place)


def test_ctrl_c_in_the_middle(committed: Place, tmp_path: Path) -> None:
    """Once it is decided the update is finished, and then interrupted; before that nothing is left of it."""
    code = """
import os, signal, sys
from pathlib import Path
from pyo3_kit.transaction import apply
from pyo3_kit.transaction.journal import Place
from tests.update.disk import ANSWERS, META, clean
def hook(event, arguments):
    if event == sys.argv[3] and sys.argv[4] in str(arguments[0]):
        os.kill(os.getpid(), signal.SIGINT)
# Whoever runs the tests in the background has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.addaudithook(hook)
try:
    apply.apply(Place(Path(sys.argv[1]), Path(sys.argv[2])), clean(), last=ANSWERS, meta=META)
except KeyboardInterrupt:
    print("interrupted")
"""
    for event, name, decided in (("os.remove", "a.txt", True), ("open", "journal.json", False)):
        place = disk.copy(committed, tmp_path / event)
        before = disk.snapshot(place.root)
        command = [sys.executable, "-c", code, str(place.root), str(place.git_dir), event, name]
        done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
        assert done.stdout == "interrupted\n"
        if decided:
            assert disk.files_of(disk.snapshot(place.root)) == disk.expected(BEFORE, clean())
        else:
            assert disk.snapshot(place.root) == before
        assert disk.kept(place) == []


def test_all_events_that_change_something_are_watched(committed: Place, farm: Farm, tmp_path: Path) -> None:
    assert {*farm.run(disk.copy(committed, tmp_path / "project"))["events"]} >= CHANGES
