"""All files of an update or none, and everything back by `abort`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import Conflict, File, FileMerge, Outcome
from pyo3_kit.transaction.apply import abort, apply, finish, resume, state, unresolved_paths
from pyo3_kit.transaction.journal import Place
from tests.update import disk
from tests.update.disk import ANSWERS, BEFORE, LABELS, META, clean, everything, merge


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return disk.repository(tmp_path_factory.mktemp("committed") / "project", BEFORE)


@pytest.fixture
def place(committed: Place, tmp_path: Path) -> Place:
    return disk.copy(committed, tmp_path / "project")


def run(place: Place, merges: list[FileMerge]) -> None:
    apply(place, merges, last=ANSWERS, meta=META, labels=LABELS)


def test_a_clean_update_leaves_nothing_but_the_files(place: Place) -> None:
    applied = apply(place, clean(), last=ANSWERS, meta=META)
    assert disk.files_of(disk.snapshot(place.root)) == disk.expected(BEFORE, clean())
    assert applied.removed == ("dir/x", "moved.txt", "old/a.txt", "old/deep/b.txt", "shared/gone.txt", "swap")
    assert "new/place/moved.txt" in applied.written
    assert not (place.root / "old").exists()
    assert (place.root / "shared/stays.txt").exists()
    assert state(place) is None
    assert disk.kept(place) == []


def test_an_update_with_conflicts_and_back(place: Place) -> None:
    before, index = disk.snapshot(place.root), disk.index(place)
    applied = apply(place, everything(), last=ANSWERS, meta=META, labels=LABELS)
    assert disk.files_of(disk.snapshot(place.root)) == disk.expected(BEFORE, everything())
    assert applied.conflicts == ("Cargo.toml", "src/lib.rs")
    assert applied.sidecars == (".pyo3-kit/conflicts/Cargo.toml.md",)
    pending = state(place)
    assert pending is not None
    assert (pending.kind, pending.meta, pending.files) == ("conflicts", META, applied.conflicts)
    assert abort(place).beside == ()
    assert disk.snapshot(place.root) == before
    assert disk.index(place) == index
    assert (state(place), disk.kept(place)) == (None, [])


def test_the_same_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    place = disk.repository(tmp_path, BEFORE, "sub/project")
    before, index = disk.snapshot(tmp_path), disk.index(place)
    run(place, everything())
    assert "sub/project/src/lib.rs" in disk.git(tmp_path, "diff", "--name-only", "--diff-filter=U")
    assert state(Place(tmp_path, place.git_dir)) is None
    abort(place)
    assert disk.snapshot(tmp_path) == before
    assert disk.index(place) == index


def test_the_same_in_a_linked_work_tree(place: Place, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    disk.git(place.root, "worktree", "add", "--quiet", str(linked))
    other = Place(linked, place.git_dir / "worktrees" / "linked")
    before, status = disk.snapshot(linked), disk.git(linked, "ls-files", "--stage")
    run(other, everything())
    assert disk.git(linked, "diff", "--name-only", "--diff-filter=U") == "src/lib.rs\n"
    assert state(place) is None
    abort(other)
    assert (disk.snapshot(linked), disk.git(linked, "ls-files", "--stage")) == (before, status)


def test_nothing_to_do_touches_nothing(place: Place) -> None:
    before = disk.snapshot(place.root)
    file = BEFORE["README.md"]
    applied = apply(place, [merge("README.md", file, file)], last=ANSWERS, meta=META)
    assert (applied.written, disk.kept(place), disk.snapshot(place.root)) == ((), [], before)


@pytest.mark.skipif(os.name == "nt", reason="has no such modes")
def test_modes_stay_what_they_were_but_for_the_bit_that_changes(place: Place) -> None:
    (place.root / "README.md").chmod(0o640)
    (place.root / "run.sh").chmod(0o600)
    (place.root / "old").chmod(0o700)
    before = disk.snapshot(place.root)
    run(place, everything())
    after = disk.snapshot(place.root)
    assert (after["README.md"][1], after["run.sh"][1]) == (0o640, 0o700)
    abort(place)
    assert disk.snapshot(place.root) == before


def test_a_folder_of_the_persons_own_stays(place: Place) -> None:
    (place.root / "old/mine").mkdir()
    run(place, clean())
    assert (place.root / "old/mine").is_dir()
    assert not (place.root / "old/deep").exists()


def test_a_name_that_only_changes_its_case(place: Place) -> None:
    run(place, [merge("Readme.md", None, BEFORE["README.md"], outcome=Outcome.RENAMED, source="README.md")])
    names = [path.name for path in place.root.iterdir() if path.name.lower() == "readme.md"]
    assert names == ["Readme.md"]


def refused(place: Place, merges: list[FileMerge], words: str) -> None:
    before, index = disk.snapshot(place.root), disk.index(place)
    with pytest.raises(Refused, match=words):
        run(place, merges)
    assert disk.snapshot(place.root) == before
    assert disk.index(place) == index
    assert disk.kept(place) == []


def test_a_file_that_changed_meanwhile(place: Place) -> None:
    (place.root / "README.md").write_text("mine\n")
    refused(place, everything(), "README.md")


def test_a_file_that_came_to_be_meanwhile(place: Place) -> None:
    (place.root / "new/place").mkdir(parents=True)
    (place.root / "new/place/moved.txt").write_text("mine\n")
    refused(place, clean(), "new/place/moved.txt")


def test_a_linked_folder(place: Place, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (place.root / "new").symlink_to(outside)
    refused(place, clean(), "symbolic link")
    assert list(outside.iterdir()) == []


def test_a_file_where_a_folder_is_needed(place: Place) -> None:
    (place.root / "new").write_text("mine\n")
    refused(place, clean(), "not a folder")


def test_a_folder_where_a_file_is_needed(place: Place) -> None:
    (place.root / "dir/mine").write_text("mine\n")
    refused(place, clean(), "dir/mine")
    (place.root / "added").mkdir()
    refused(place, [merge("added", None, File(b"x"))], "is a folder")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")
def test_something_that_is_no_file(place: Place) -> None:
    os.mkfifo(place.root / "added")
    refused(place, [merge("added", None, File(b"x"))], "neither a file nor a link")


def test_a_read_only_file(place: Place) -> None:
    (place.root / "README.md").chmod(0o444)
    refused(place, everything(), "README.md is read-only")


@pytest.mark.parametrize("path", ["../out", "/out", "a//b", ".git/config", "a/.GIT/hooks/x", "a\0b", "."])
def test_a_path_that_leads_out(place: Place, path: str) -> None:
    refused(place, [merge(path, None, File(b"x"))], "which is refused")


def test_a_file_and_a_folder_of_one_name(place: Place) -> None:
    refused(place, [merge("x", None, File(b"x")), merge("x/y", None, File(b"y"))], "both a file x")


def test_another_update_while_one_waits_for_a_person(place: Place) -> None:
    run(place, everything())
    with pytest.raises(Refused, match="left conflicts to resolve"):
        run(place, clean())
    with pytest.raises(Refused, match="was interrupted"):
        resume(place)


def test_nothing_to_take_up(place: Place) -> None:
    for take_up in (resume, abort, finish):
        with pytest.raises(Refused, match=r"no unfinished update|No update|no conflicts"):
            take_up(place)
    assert disk.kept(place) == []


def test_the_end_of_conflicts(place: Place) -> None:
    run(place, everything())
    assert unresolved_paths(place) == ["src/lib.rs"]
    with pytest.raises(Refused, match=r"src/lib\.rs"):
        finish(place)
    (place.root / "src/lib.rs").write_text("fn both() {}\n")
    staged = disk.index(place)[0]
    assert finish(place).conflicts == ("Cargo.toml", "src/lib.rs")
    assert not (place.root / ".pyo3-kit").exists()
    assert (state(place), disk.kept(place), disk.index(place)[0]) == (None, [], staged)


def test_lines_like_markers_that_were_there_before(place: Place) -> None:
    ours, theirs = File(b"Title\n=======\n<<<<<<< HEAD\nmine\n"), File(b"Title\n=======\ntheirs\n")
    (place.root / "doc.md").write_bytes(ours.content)
    line = Conflict("doc.md", None, 1, None, "mine", "theirs")
    both = disk.marked(ours.content, theirs.content)
    run(place, [merge("doc.md", ours, both, conflicts=(line,), stages=(None, ours, theirs))])
    assert unresolved_paths(place) == ["doc.md"]
    (place.root / "doc.md").write_bytes(ours.content + b"and theirs\n")
    assert unresolved_paths(place) == []
    finish(place)


def test_what_a_person_wrote_while_deciding_is_kept_beside(place: Place) -> None:
    before, index = disk.snapshot(place.root), disk.index(place)[0]
    run(place, everything())
    (place.root / "src/lib.rs").write_text("fn both() {}\n")
    (place.root / "README.md").unlink()
    (place.root / "swap/inner.txt").write_text("mine\n")
    disk.git(place.root, "add", "src/lib.rs")
    (place.root / "Cargo.toml").write_text("mine\n")
    assert set(abort(place).beside) == {"src/lib.rs.orig", "Cargo.toml.orig", "swap.orig"}
    now = disk.snapshot(place.root)
    del now["swap.orig"]
    kept = {"src/lib.rs.orig": b"fn both() {}\n", "Cargo.toml.orig": b"mine\n", "swap.orig/inner.txt.orig": b"mine\n"}
    assert {path: now.pop(path)[2] for path in kept} == kept
    assert now == before
    assert disk.index(place)[0] == index
    assert disk.kept(place) == []


def test_a_link_takes_the_place_of_a_folder_that_is_a_link(tmp_path: Path) -> None:
    """What stands behind the link is neither written nor removed."""
    place = disk.repository(tmp_path / "project", {"docs": File(b"real", link=True), "real/a.md": File(b"a\n")})
    before = disk.snapshot(place.root)
    line = Conflict("docs/b.md", None, 1, None, None, None)
    merges = [
        merge("docs", File(b"real", link=True), None),
        merge("docs/a.md", None, File(b"new\n")),
        merge("docs/b.md", None, disk.marked(b"1\n", b"2\n"), conflicts=(line,)),
    ]
    run(place, merges)
    assert not (place.root / "docs").is_symlink()
    assert (place.root / "docs/a.md").read_bytes() == b"new\n"
    assert (place.root / "real/a.md").read_bytes() == b"a\n"
    abort(place)
    assert disk.snapshot(place.root) == before


def test_no_room(place: Place) -> None:
    """In a process that may write no large file, as on a full disk."""
    before = disk.snapshot(place.root)
    code = """
import resource, sys
from pathlib import Path
from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import File, FileMerge, Outcome
from pyo3_kit.transaction.apply import apply
from pyo3_kit.transaction.journal import Place
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
files = [FileMerge(f"n{i}", Outcome.ADDED, "new", None, File(bytes([i]) * 1000)) for i in range(9)]
try:
    apply(Place(Path(sys.argv[1]), Path(sys.argv[2])), files, last="n0", meta={})
except Refused as error:
    print(error.message)
"""
    command = [sys.executable, "-c", code, str(place.root), str(place.git_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("No space left")
    assert disk.snapshot(place.root) == before
    assert disk.kept(place) == []
