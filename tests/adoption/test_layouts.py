"""Every layout: what is missing goes where it belongs, nothing that stands is lost, and a second run does nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.texts.toml import parse_toml
from tests.adoption.projects import LAYOUTS, adopt, deleted, write
from tests.support.command import run_kit, snapshot
from tests.support.history import commit_all, git

pytestmark = pytest.mark.slow

WRITTEN = {
    "mixed": {"Cargo.toml", "pyproject.toml", "python/stone/py.typed"},
    "pure": {"Cargo.toml", "pyproject.toml"},
    "source": {"Cargo.toml", "pyproject.toml", "lib/py/stone/py.typed"},
    "setuptools": {"Cargo.toml", "pyproject.toml"},
    "workspace": {"Cargo.toml", "pyproject.toml"},
    "subfolder": {"bindings/python/Cargo.toml", "bindings/python/pyproject.toml"},
    "bare": {"Cargo.toml"},
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_adopted(layout: str, tmp_path: Path) -> None:
    root = write(tmp_path, LAYOUTS[layout])
    before = snapshot(root)
    result = adopt(root, "--defaults", "--json")
    assert result.code == 0, result.err
    assert {file["path"] for file in result.object["files"]} == {*WRITTEN[layout], ".copier-answers.yml"}
    assert set(deleted(root).values()) == {0}
    after = snapshot(root)
    changed = {path for path in after if not path.startswith(".git/") and after[path] != before.get(path)}
    assert changed - {".copier-answers.yml", "python", "lib"} == WRITTEN[layout]

    manifest = next(path for path in sorted(WRITTEN[layout]) if path.endswith("Cargo.toml"))
    profiles = parse_toml((root / manifest).read_text())["profile"]
    assert profiles["release"]["codegen-units"] == 1
    assert profiles["release"]["lto"] == ("fat" if layout == "workspace" else "thin")

    commit_all(root)
    for again in ("adopt", "update"):
        second = run_kit(again, folder=root)
        assert (second.code, second.err.startswith("Nothing to do")) == (0, True), second.err
        assert git(root, "status", "--porcelain") == ""


def test_where_nothing_can_be_noted_it_is_said(tmp_path: Path) -> None:
    said = "there is no pyproject.toml to record in"
    for name, expected in {"bare": True, "subfolder": False, "mixed": False}.items():
        notes = adopt(write(tmp_path / name, LAYOUTS[name]), "--dry-run", "--json").object["notes"]
        assert any("`pyo3-kit status` will report" in note and said in note for note in notes) == expected, notes


def test_what_differs_is_told_and_stays(tmp_path: Path) -> None:
    result = adopt(write(tmp_path, LAYOUTS["mixed"]), "--defaults", "--json")
    assert {"path": "Cargo.toml", "key": "profile.release.lto", "ours": "thin", "theirs": "fat"} in result.object[
        "differs"
    ]
    assert 'lto = "thin" # measured\n' in (tmp_path / "Cargo.toml").read_text()


def test_a_preview_writes_nothing(tmp_path: Path) -> None:
    root = write(tmp_path, LAYOUTS["mixed"])
    before = snapshot(root)
    result = adopt(root, "--dry-run", "--diff")
    assert (result.code, snapshot(root)) == (0, before)
    assert "certain: pyproject.toml:16" in result.out
    assert "+codegen-units = 1" in result.out.splitlines()


def test_windows_endings_stay(tmp_path: Path) -> None:
    root = write(tmp_path, LAYOUTS["mixed"])
    manifest = root / "Cargo.toml"
    manifest.write_bytes(manifest.read_bytes().replace(b"\n", b"\r\n"))
    commit_all(root)
    assert adopt(root, "--defaults").code == 0
    text = manifest.read_bytes()
    assert b"codegen-units" in text
    assert text.count(b"\n") == text.count(b"\r\n")
