"""What is kept of an update in the Git directory, and who may touch it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.transaction.apply import abort, apply, state, sweep
from pyo3_kit.transaction.journal import Place
from pyo3_kit.transaction.lock import lock_project
from tests.support.command import environment
from tests.update import disk
from tests.update.disk import ANSWERS, BEFORE, LABELS, META, clean, everything


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return disk.repository(tmp_path / "project", BEFORE)


def test_the_state_of_a_project_without_one_needs_nothing_heavy(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from pyo3_kit.transaction.journal import Place, state
assert state(Place(Path(sys.argv[1]), Path(sys.argv[1], ".git"))) is None
print(sorted({"subprocess", "copier", "yaml", "tomlkit", "concurrent.futures"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert list(tmp_path.iterdir()) == []


def test_projects_of_one_repository_know_nothing_of_each_other(place: Place) -> None:
    apply(place, everything(), last=ANSWERS, meta=META, labels=LABELS)
    assert state(place) is not None
    assert state(Place(place.root / "sub", place.git_dir, "sub")) is None
    assert state(Place(place.root, place.git_dir, "/")) == state(place)


def test_a_live_run_holds_the_lock_and_a_dead_one_does_not(place: Place) -> None:
    code = """
import sys, time
from pathlib import Path
from pyo3_kit.transaction.journal import Place
from pyo3_kit.transaction.lock import lock_project
with lock_project(Place(Path(sys.argv[1]), Path(sys.argv[2]))) as folder:
    folder.make_folder("preparing-1")
    print("held", flush=True)
    time.sleep(60)
"""
    command = [sys.executable, "-c", code, str(place.root), str(place.git_dir)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Refused, match="is running"):
            apply(place, clean(), last=ANSWERS, meta=META)
        other.kill()
    assert (place.folder / "preparing-1").exists()
    apply(place, clean(), last=ANSWERS, meta=META)
    assert disk.kept(place) == []


def test_the_lock_goes_with_its_folder(place: Place) -> None:
    with lock_project(place) as folder:
        assert (folder.folder / "lock").exists()
    assert disk.kept(place) == []
    assert not (place.git_dir / "pyo3-kit").exists()


def test_what_dead_runs_left_goes(place: Place) -> None:
    sweep(place)
    assert not (place.git_dir / "pyo3-kit").exists()
    for name in ("preparing-1/stages", "done-2"):
        (place.folder / name).mkdir(parents=True)
    sweep(place)
    assert not (place.git_dir / "pyo3-kit").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 1, "index": 3, "steps": [{}]}'])
def test_a_damaged_journal_is_told_of_and_not_acted_on(place: Place, text: str) -> None:
    apply(place, everything(), last=ANSWERS, meta=META, labels=LABELS)
    (place.folder / "conflicts/journal.json").write_text(text)
    now = disk.snapshot(place.root)
    for read in (state, abort):
        with pytest.raises(Failed, match="damaged"):
            read(place)
    assert disk.snapshot(place.root) == now


def test_damaged_contents_are_not_written(place: Place) -> None:
    apply(place, everything(), last=ANSWERS, meta=META, labels=LABELS)
    contents = place.folder / "conflicts/contents"
    contents.write_bytes(contents.read_bytes()[:-20] + b"x" * 20)
    now = disk.snapshot(place.root)
    with pytest.raises(Failed, match="damaged"):
        abort(place)
    assert disk.files_of(disk.snapshot(place.root)) == disk.files_of(now)


def test_the_journal_of_another_version(place: Place) -> None:
    apply(place, everything(), last=ANSWERS, meta=META, labels=LABELS)
    journal = place.folder / "conflicts/journal.json"
    journal.write_text(json.dumps({**json.loads(journal.read_text()), "format": 99}))
    with pytest.raises(Refused, match="another version"):
        state(place)
