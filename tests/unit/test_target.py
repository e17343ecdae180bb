"""The move into place, and its undoing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.transaction.new_folder import check_target, open_staging
from tests.support.command import snapshot


def test_a_new_folder_and_its_missing_parents(tmp_path: Path) -> None:
    target = check_target(str(tmp_path / "a" / "b" / "c"), force=False)
    assert (target.exists, target.occupied, target.ground) == (False, False, tmp_path)
    with open_staging(target) as staging:
        staging.project.mkdir()
        (staging.project / "file").write_text("x")
        assert not (tmp_path / "a").exists()
        staging.commit()
    assert snapshot(tmp_path) == {"a": None, "a/b": None, "a/b/c": None, "a/b/c/file": b"x"}


def test_nothing_stays_after_an_exception(tmp_path: Path) -> None:
    def interrupted() -> None:
        with open_staging(check_target(str(tmp_path / "a"), force=False)) as staging:
            staging.project.mkdir()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert snapshot(tmp_path) == {}


def test_a_folder_that_came_to_be_meanwhile(tmp_path: Path) -> None:
    target = check_target(str(tmp_path / "x" / "a"), force=False)
    with open_staging(target) as staging:
        staging.project.mkdir()
        (tmp_path / "x" / "a").mkdir(parents=True)
        with pytest.raises(Refused, match="was created while"):
            staging.commit()
    assert snapshot(tmp_path) == {"x": None, "x/a": None}


def test_the_same_content_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "same").write_text("x")
    (tmp_path / "link").symlink_to("same")
    before = (tmp_path / "same").stat().st_mtime_ns
    with open_staging(check_target(str(tmp_path), force=True)) as staging:
        staging.project.mkdir()
        (staging.project / "same").write_text("x")
        (staging.project / "link").symlink_to("same")
        staging.commit()
        assert staging.kept == []
    assert (tmp_path / "same").stat().st_mtime_ns == before


def test_a_failure_in_the_middle_is_undone(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    (tmp_path / "z").write_text("a file where a folder is needed")
    before = snapshot(tmp_path)
    with open_staging(check_target(str(tmp_path), force=True)) as staging:
        (staging.project / "new").mkdir(parents=True)
        (staging.project / "z").mkdir()
        for name in ("a", "new/b", "z/c"):
            (staging.project / name).write_text("theirs")
        with pytest.raises(Refused):
            staging.commit()
        assert staging.kept == []
    assert snapshot(tmp_path) == before
