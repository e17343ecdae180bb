"""What tells a person of conflicts: sidecars, and Git's index."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.merge.model import Conflict, File, FileMerge, Outcome
from pyo3_kit.transaction.apply import abort, apply, state
from pyo3_kit.transaction.conflicts import sidecars
from pyo3_kit.transaction.journal import Place
from tests.update import disk
from tests.update.disk import ANSWERS, BEFORE, LABELS, META, everything, merge


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return disk.repository(tmp_path / "project", BEFORE)


def conflict(path: str, key: str | None, base: str | None, ours: str | None, theirs: str | None) -> FileMerge:
    return merge(path, File(b""), File(b""), conflicts=(Conflict(path, key, None, base, ours, theirs),))


def text_conflict(ours: File, base: File | None, theirs: File | None) -> FileMerge:
    line = Conflict("text", None, 1, None, None, None)
    result = disk.marked(ours.content, theirs.content if theirs else b"")
    return merge("text", ours, result, outcome=Outcome.CONFLICT, conflicts=(line,), stages=(base, ours, theirs))


def test_a_sidecar_says_what_there_is_to_decide() -> None:
    merges = [conflict("a/pyproject.toml", "project.name", None, '"mine"', '"theirs"\n')]
    (path, content), *others = sidecars(merges, LABELS).items()
    assert (path, others) == (".pyo3-kit/conflicts/a/pyproject.toml.md", [])
    text = content.decode()
    assert "# To decide in `a/pyproject.toml`" in text
    assert "## `project.name`" in text
    assert 'Yours:\n\n```toml\n"mine"\n```' in text
    assert "Template v1: nothing" in text
    assert 'Template v2:\n\n```toml\n"theirs"\n```' in text
    assert "--continue" in text
    assert "--abort" in text


def test_a_sidecar_of_a_whole_file_and_of_a_text_with_fences() -> None:
    text = sidecars([conflict("x.bin", None, None, "````\ncode\n````", "")], LABELS)[".pyo3-kit/conflicts/x.bin.md"]
    assert b"## The whole file" in text
    assert b"`````text\n````\ncode\n````\n`````" in text


def test_markers_need_no_sidecar() -> None:
    assert sidecars([text_conflict(File(b"1\n"), None, File(b"2\n"))], LABELS) == {}


def test_a_file_of_the_persons_own_in_a_sidecars_place(place: Place) -> None:
    own = place.root / ".pyo3-kit/conflicts/Cargo.toml.md"
    own.parent.mkdir(parents=True)
    own.write_text("mine\n")
    with pytest.raises(Refused, match=r"Cargo\.toml\.md"):
        apply(place, everything(), last=ANSWERS, meta=META)
    assert own.read_text() == "mine\n"


def test_a_forgotten_sidecar_is_replaced_and_comes_back(place: Place) -> None:
    path = place.root / ".pyo3-kit/conflicts/Cargo.toml.md"
    path.parent.mkdir(parents=True)
    path.write_text("# To decide in `Cargo.toml`\n\nlong ago\n")
    before = disk.snapshot(place.root)
    apply(place, everything(), last=ANSWERS, meta=META)
    assert "long ago" not in path.read_text()
    abort(place)
    assert disk.snapshot(place.root) == before


def test_the_index_holds_the_three_sides(place: Place) -> None:
    apply(place, everything(), last=ANSWERS, meta=META, labels=LABELS)
    sides = [disk.git(place.root, "show", f":{number}:src/lib.rs") for number in (1, 2, 3)]
    assert sides == ["base\n", "fn mine() {}\n", "fn theirs() {}\n"]
    assert "UU src/lib.rs" in disk.git(place.root, "status", "--porcelain")


@pytest.mark.parametrize(("base", "status"), [(None, "AA"), (File(b"0\n", executable=True), "UU")])
def test_sides_that_are_missing_or_executable(tmp_path: Path, base: File | None, status: str) -> None:
    place = disk.repository(tmp_path / "project", {"text": File(b"1\n")})
    before = disk.index(place)
    apply(place, [text_conflict(File(b"1\n"), base, File(b"2\n", executable=True))], last=ANSWERS, meta=META)
    assert disk.git(place.root, "status", "--porcelain").startswith(f"{status} text")
    assert "100755" in disk.git(place.root, "ls-files", "--stage")
    abort(place)
    assert disk.index(place) == before


def test_a_file_that_git_does_not_know(tmp_path: Path) -> None:
    place = disk.repository(tmp_path / "project", {"other": File(b"")})
    (place.root / "text").write_bytes(b"1\n")
    before = disk.index(place)
    apply(place, [text_conflict(File(b"1\n"), None, File(b"2\n"))], last=ANSWERS, meta=META)
    abort(place)
    assert disk.index(place) == before


def test_line_endings_that_git_converts(tmp_path: Path) -> None:
    """Git would keep CRLF in a file from now on if the index said that it has been there."""
    files = {".gitattributes": File(b"* text=auto eol=crlf\n"), "text": File(b"1\r\n")}
    place = disk.repository(tmp_path / "project", files)
    apply(place, [text_conflict(File(b"1\r\n"), File(b"0\r\n"), File(b"2\r\n"))], last=ANSWERS, meta=META)
    assert [disk.git(place.root, "show", f":{number}:text") for number in (1, 2, 3)] == ["0\n", "1\n", "2\n"]
    (place.root / "text").write_bytes(b"1\r\n")
    disk.git(place.root, "add", "text")
    assert disk.git(place.root, "status", "--porcelain", "text") == ""


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_flags_of_entries_come_back(tmp_path: Path, flag: str) -> None:
    place = disk.repository(tmp_path / "project", {"text": File(b"1\n"), "é ü": File(b"")}, "sub")
    disk.git(place.root, "update-index", flag, "text")
    before = disk.index(place)
    apply(place, [text_conflict(File(b"1\n"), None, File(b"2\n"))], last=ANSWERS, meta=META)
    assert disk.index(place) != before
    abort(place)
    assert disk.index(place) == before


def test_a_locked_index_is_told_of_and_nothing_is_written(place: Place) -> None:
    before = disk.snapshot(place.root)
    (place.git_dir / "index.lock").touch()
    with pytest.raises(Failed, match="index is locked"):
        apply(place, everything(), last=ANSWERS, meta=META)
    assert disk.snapshot(place.root) == before
    assert (state(place), disk.kept(place)) == (None, [])


def test_a_hook_of_the_users_own_has_no_say(place: Place) -> None:
    hooks = place.git_dir / "hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "post-index-change").write_text("#!/bin/sh\ntouch hooked\nexit 1\n")
    (hooks / "post-index-change").chmod(0o755)
    apply(place, everything(), last=ANSWERS, meta=META)
    assert not (place.root / "hooked").exists()
