"""Files that the project's own settings name stay in the project; those that the user names may be anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit.disk import lay_out
from tests.support.command import run_kit, snapshot

CLASS = "use pyo3::prelude::*;\n#[pyclass]\nstruct A { x: u8 }\n"


def crate(root: Path, baseline: str) -> Path:
    lay_out(root, {"src/lib.rs": CLASS})
    with (root / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[tool.pyo3-kit]\nbaseline = {json.dumps(baseline)}\n")
    return root


@pytest.mark.parametrize(
    "named",
    ["../precious", "{outside}/precious", "src/../../precious", "new/../../precious", ".git/hooks/x", "sub/.GIT/x", ""],
)
def test_a_baseline_elsewhere(tmp_path: Path, named: str) -> None:
    (tmp_path / "precious").write_text("precious")
    root = crate(tmp_path / "p", named.format(outside=tmp_path))
    before = snapshot(tmp_path)
    for more in ((), ("--update-baseline",), ("--fix",)):
        done = run_kit("check", ".", *more, folder=root)
        assert done.code == 2, done.err
        assert "`baseline` of `[tool.pyo3-kit]`" in done.err
        assert snapshot(tmp_path) == before


@pytest.mark.parametrize("named", ["link", "folder/known.json", "src/lib.rs", "Cargo.toml"])
def test_a_baseline_in_the_place_of_something_else(tmp_path: Path, named: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "known.json").write_text('{"version": 1, "findings": {}}')
    root = crate(tmp_path / "p", named)
    (root / "link").symlink_to(outside / "known.json")
    (root / "folder").symlink_to(outside)
    before = snapshot(tmp_path)
    done = run_kit("check", ".", "--update-baseline", folder=root)
    assert done.code == 2, done.err
    assert snapshot(tmp_path) == before


def test_a_baseline_that_is_one(tmp_path: Path) -> None:
    root = crate(tmp_path / "p", "./ci/known.json")
    (root / "ci").mkdir()
    for _ in range(2):
        assert run_kit("check", ".", "--update-baseline", folder=root).code == 0
    assert run_kit("check", ".", folder=root).code == 0
    assert run_kit("check", ".", "--update-baseline", "--baseline", "../mine.json", folder=root).code == 0
    assert json.loads((tmp_path / "mine.json").read_text())["findings"]


def test_a_fix_behind_a_link(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "p", {"src/lib.rs": CLASS})
    (tmp_path / "outside").mkdir()
    (root / "src/lib.rs").rename(tmp_path / "outside/lib.rs")
    (root / "src").rmdir()
    (root / "src").symlink_to(tmp_path / "outside")
    before = snapshot(tmp_path / "outside")
    run_kit("check", ".", "--fix", "--unsafe-fixes", folder=root)
    assert snapshot(tmp_path / "outside") == before


def test_a_page_in_the_place_of_a_planted_link(tmp_path: Path) -> None:
    (tmp_path / "fleet.toml").write_text('[[repository]]\npath = "missing"\n')
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "page.html").symlink_to("precious")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "pages").symlink_to("elsewhere")
    done = run_kit("fleet", "status", "--html", "page.html", folder=tmp_path)
    assert "<html" in (tmp_path / "page.html").read_text(), done.err
    assert not (tmp_path / "page.html").is_symlink()
    done = run_kit("fleet", "status", "--html", "pages/page.html", folder=tmp_path)
    assert "pages is a symbolic link" in done.err
    assert not any((tmp_path / "elsewhere").iterdir())
    assert (tmp_path / "precious").read_text() == "precious"
