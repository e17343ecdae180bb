"""Everything works where folders cannot be kept open, as on Windows."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.system import writing
from pyo3_kit.transaction.apply import abort, apply, finish, state
from pyo3_kit.transaction.new_folder import check_target, open_staging
from tests.support.command import run_kit, snapshot
from tests.update import disk
from tests.update.disk import ANSWERS, LABELS, META, clean, everything


@pytest.fixture(autouse=True)
def looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "DESCRIPTORS", False)


def test_an_update(tmp_path: Path) -> None:
    place = disk.repository(tmp_path / "one", disk.BEFORE)
    apply(place, clean(), last=ANSWERS, meta=META)
    assert disk.files_of(disk.snapshot(place.root)) == disk.expected(disk.BEFORE, clean())
    assert disk.kept(place) == []
    place = disk.repository(tmp_path / "two", disk.BEFORE)
    before = disk.snapshot(place.root)
    apply(place, everything(), last=ANSWERS, meta=META, labels=LABELS)
    assert state(place) is not None
    abort(place)
    assert disk.snapshot(place.root) == before
    apply(place, everything(), last=ANSWERS, meta=META, labels=LABELS)
    (place.root / "src/lib.rs").write_bytes(b"decided\n")
    finish(place)
    assert disk.kept(place) == []


@pytest.mark.parametrize("exists", [False, True])
def test_a_new_folder(tmp_path: Path, exists: bool) -> None:
    if exists:
        (tmp_path / "a").mkdir()
        (tmp_path / "a/file").write_text("mine")
    with open_staging(check_target(str(tmp_path / "a"), force=exists)) as staging:
        (staging.project / ".git").mkdir(parents=True)
        (staging.project / "file").write_text("x")
        staging.commit()
    kept = {"a/file.orig": b"mine"} if exists else {}
    assert snapshot(tmp_path) == {"a": None, "a/.git": None, "a/file": b"x", **kept}


def test_a_project(tmp_path: Path) -> None:
    made = run_kit("new", "p", "--defaults", folder=tmp_path)
    assert made.code == 0, made.err
    assert run_kit("status", folder=tmp_path / "p").code == 0
