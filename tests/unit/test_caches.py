"""The cache folder: filled at once or not at all, swept after runs that were killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.system.caches import cache_folder, fill_once, scratch_folder


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYO3_KIT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_folder_is_filled_once(cache: Path) -> None:
    calls = []

    def fill(folder: Path) -> None:
        calls.append(folder)
        (folder / "a").write_text("content")

    assert fill_once("x/y", fill) == fill_once("x/y", fill) == cache / "x" / "y"
    assert len(calls) == 1
    assert (cache / "x" / "y" / "a").read_text() == "content"
    assert list((cache / "scratch").iterdir()) == []


def test_a_fill_that_fails_leaves_nothing(cache: Path) -> None:
    def fill(folder: Path) -> None:
        (folder / "half").write_text("")
        raise Refused("no")

    with pytest.raises(Refused):
        fill_once("x", fill)
    assert not (cache / "x").exists()
    assert list((cache / "scratch").iterdir()) == []


def test_another_run_may_be_faster(cache: Path) -> None:
    def fill(folder: Path) -> None:
        (folder / "mine").write_text("")
        (cache / "x").mkdir()
        (cache / "x" / "theirs").write_text("")

    assert [path.name for path in fill_once("x", fill).iterdir()] == ["theirs"]


def test_what_a_killed_run_left_is_swept() -> None:
    child = (
        "import os; from pyo3_kit.system.caches import scratch_folder\n"
        "with scratch_folder() as f: print(f); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=False)
    left = Path(done.stdout.strip())
    assert left.is_dir()
    with scratch_folder() as mine, scratch_folder() as other:
        assert not left.exists()
        assert mine.is_dir()
        assert other.is_dir()
    assert not mine.exists()


@pytest.mark.skipif(os.name == "nt", reason="a file in the way is told apart there by another error")
def test_a_cache_that_cannot_be_made_is_refused(cache: Path) -> None:
    cache.write_text("a file")
    with pytest.raises(Refused) as caught:
        cache_folder()
    assert "cache folder" in caught.value.message
