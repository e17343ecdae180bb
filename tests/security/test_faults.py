"""Each command that writes under each fault: what is there then is as before, or as after, or can be made so.

What may come of which is said by the table of `docs/explanation/when-something-goes-wrong.md`, which is read here.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.security.scenes import Scene, State, leftovers, scenes
from tests.support.forks import Forks

PAGE = Path(__file__).parents[2] / "docs/explanation/when-something-goes-wrong.md"
COMMANDS = ("new", "update", "overlay add", "adopt", "migrate", "fleet update")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="needs signals and limits of processes")]


@pytest.fixture(scope="module")
def made(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return scenes(forks, tmp_path_factory.mktemp("scenes"))


@pytest.fixture(scope="module")
def ends(made: dict[str, Scene], tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[State, State, float]]:
    """What is there before and after a run in which nothing goes wrong, and how long that takes."""
    found = {}
    for name, scene in made.items():
        folder = scene.copy(tmp_path_factory.mktemp("clean") / "work")
        before, start = scene.state(folder), time.perf_counter()
        code, said = scene.run(folder)
        assert code in (0, 1), (name, said)
        found[name] = before, scene.state(folder), time.perf_counter() - start
        assert found[name][0] != found[name][1], (name, said)
        assert leftovers(folder) == []
    return found


Fault = Callable[[Scene, Path, float], Iterator["Case"]]


class Case:
    """One run under a fault: `lift` ends the fault."""

    def __init__(self, folder: Path, code: int, said: str, lift: Callable[[], object] = lambda: None) -> None:
        self.folder, self.code, self.said, self.lift = folder, code, said, lift


def outcome(scene: Scene, case: Case, before: State, after: State, spare: Path) -> str:
    """`before`, `after` or `resumable`; anything else is a failure."""
    assert "Traceback" not in case.said, case.said
    assert "unexpected error" not in case.said, case.said
    now, pending = scene.state(case.folder), scene.is_pending(case.folder) if scene.resumes else False
    if pending:
        for way, wanted in (("--continue", after), ("--abort", before)):
            shutil.rmtree(spare, ignore_errors=True)
            shutil.copytree(case.folder, spare, symlinks=True)
            code, said = scene.run(spare, *scene.again(way))
            assert code in (0, 1), said
            assert scene.state(spare) == wanted, (way, said)
            assert leftovers(spare) == []
        return "resumable"
    if scene.name == "new" and (left := leftovers(case.folder)):
        # Nothing can clean up for a process that is killed: the next run does, and needs nothing else.
        assert case.code == -signal.SIGKILL, left
        code, said = scene.run(case.folder)
        assert (code == 0) or "exists and is not empty" in said, said
        assert scene.state(case.folder) == after or leftovers(case.folder)
        return "resumable"
    if now in (before, after):
        if now == before:
            assert case.code != 0, case.said
        return "before" if now == before else "after"
    assert scene.name == "fleet update", (case.code, case.said, now, before)
    assert all(now[name] in (before[name], after[name]) for name in before), case.said
    code, said = scene.run(case.folder)
    assert scene.state(case.folder) == after, said
    return "resumable"


def in_fresh_copies(number: int, run: Callable[[Scene, Path, int, float], tuple[int, str]]) -> Fault:
    def fault(scene: Scene, folder: Path, taken: float) -> Iterator[Case]:
        for count in range(number):
            work = scene.copy(folder / f"work-{count}")
            code, said = run(scene, work, count, taken)
            yield Case(work, code, said)

    return fault


def limited(scene: Scene, work: Path, count: int, _taken: float) -> tuple[int, str]:
    return scene.run(work, limits={"RLIMIT_FSIZE": (0, 300, 5000)[count]})


def ended(number: int) -> Callable[[Scene, Path, int, float], tuple[int, str]]:
    def run(scene: Scene, work: Path, count: int, taken: float) -> tuple[int, str]:
        process = scene.start(work)
        time.sleep(taken * (0.5, 0.75, 0.9, 0.97)[count])
        process.send_signal(number)
        done = process.wait()
        return done.code, done.err

    return run


def torn(scene: Scene, work: Path, _count: int, _taken: float) -> tuple[int, str]:
    if scene.name == "fleet update":
        workspace = work / ".pyo3-kit-fleet"
        workspace.mkdir()
        (workspace / "journal-update.jsonl").write_text('{"format": 1, "task": "a')
        return scene.run(work, *scene.words, "--resume")
    prefix = "migrations" if scene.name == "migrate" else ""
    digest = sha256(prefix.encode()).hexdigest()[:12]
    journal = work / scene.inside / ".git/pyo3-kit" / digest / "journal"
    journal.mkdir(parents=True)
    (journal / "journal.json").write_text('{"format": 1, "token": "aaaa')
    code, said = scene.run(work)
    assert "is damaged" in said, said
    shutil.rmtree(journal.parents[1])
    return code, said


def twice(scene: Scene, work: Path, _count: int, _taken: float) -> tuple[int, str]:
    with scene.popen(work) as one, scene.popen(work) as other:
        said = "".join(process.communicate(timeout=300)[1] for process in (one, other))
        codes = sorted((one.returncode, other.returncode))
    assert codes[0] in (0, 1), said
    return codes[0], said


def otherwise(
    changes: Mapping[str, str | None], **options: Any
) -> Callable[[Scene, Path, int, float], tuple[int, str]]:
    """In a process that Python starts in so: with these variables, with these streams."""
    return lambda scene, work, _count, _taken: scene.run_anew(work, changes=changes, **options)


def close_both() -> None:
    os.close(0)
    os.close(1)


@contextmanager
def mounted(folder: Path) -> Iterator[None]:
    """A small file system of its own at `folder`; the test is left out where that is not allowed."""
    folder.mkdir(parents=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def full(scene: Scene, folder: Path, _taken: float) -> Iterator[Case]:
    for room in (0, 4096, 40960, 120_000):
        with mounted(folder / f"disk-{room}"):
            work = scene.copy(folder / f"disk-{room}" / "work")
            filler = folder / f"disk-{room}" / "filler"
            free = shutil.disk_usage(work).free
            filler.write_bytes(b"\0" * max(0, free - room))
            code, said = scene.run(work)
            filler.unlink()
            yield Case(work, code, said)


def read_only(scene: Scene, folder: Path, _taken: float) -> Iterator[Case]:
    with mounted(folder / "disk"):
        work = scene.copy(folder / "disk" / "work")
        subprocess.run(["mount", "-o", "remount,ro", folder / "disk"], check=True)
        code, said = scene.run(work)
        yield Case(work, code, said)


def elsewhere(scene: Scene, work: Path, _count: int, _taken: float) -> tuple[int, str]:
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == work.stat().st_dev:
        pytest.skip("there is no other file system")
    folder = shared / f"pyo3-kit-test-{os.getpid()}"
    folder.mkdir()
    try:
        return scene.run(work, changes={"TMPDIR": str(folder), "PYO3_KIT_CACHE": str(folder / "cache")})
    finally:
        shutil.rmtree(folder)


PLAIN_C = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

FAULTS: dict[str, Fault] = {
    "the disk is full": full,
    "files may not grow": in_fresh_copies(3, limited),
    "the project is read-only": read_only,
    "SIGTERM": in_fresh_copies(4, ended(signal.SIGTERM)),
    "SIGHUP": in_fresh_copies(2, ended(signal.SIGHUP)),
    "SIGKILL": in_fresh_copies(4, ended(signal.SIGKILL)),
    "a journal that was cut off": in_fresh_copies(1, torn),
    "two at once": in_fresh_copies(1, twice),
    "no HOME": in_fresh_copies(1, otherwise({"HOME": None, "XDG_CONFIG_HOME": None, "XDG_CACHE_HOME": None})),
    "standard input and output are closed": in_fresh_copies(
        1, otherwise({}, stdin=None, stdout=None, preexec_fn=close_both)
    ),
    "LANG=C": in_fresh_copies(1, otherwise(PLAIN_C)),
    "temporary files are on another file system": in_fresh_copies(1, elsewhere),
}


def documented() -> dict[tuple[str, str], set[str]]:
    """The table of the page: what may come of a command under a fault."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    commands = [cell.strip("`") for cell in rows[0][1:]]
    return {
        (row[0].replace("`", ""), command): {word for word in cell.replace(" or ", ", ").split(", ") if word != "—"}
        for row in rows[2:]
        for command, cell in zip(commands, row[1:], strict=True)
    }


def test_the_page_has_all_of_them() -> None:
    assert {*documented()} == {(fault, command) for fault in FAULTS for command in COMMANDS}
    assert set().union(*documented().values()) == {"before", "after", "resumable"}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("fault", FAULTS)
def test_never_half(
    made: dict[str, Scene], ends: dict[str, tuple[State, State, float]], tmp_path: Path, fault: str, command: str
) -> None:
    allowed = documented()[fault, command]
    if not allowed:
        pytest.skip("there is no such thing")
    scene, (before, after, taken) = made[command], ends[command]
    found = []
    # A name that LANG=C has no letters for.
    for case in FAULTS[fault](scene, tmp_path / "gr\u00fcn", taken):
        found.append(outcome(scene, case, before, after, tmp_path / "spare"))
    assert found
    assert {*found} <= allowed, found
