"""What `migrate` cannot use: one clear message, exit code 2, and an untouched tree."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.migrate.support import CODE, MANIFEST, commit, files, make
from tests.support.command import run_kit


def refused(root: Path, *words: str, said: str, path: str = ".") -> None:
    before = files(root)
    result = run_kit("migrate", path, *words, folder=root)
    assert result.code == 2, result.out + result.err
    assert said in result.err
    assert "hint:" in result.err
    assert "Traceback" not in result.err
    assert files(root) == before


@pytest.mark.parametrize(
    ("manifest", "words", "said"),
    [
        (MANIFEST, (), "`--to` is missing"),
        (MANIFEST, ("--to", "0.27"), "`--to 0.27` is not supported; the targets are 0.28, 0.29, 0.30"),
        (MANIFEST, ("--to", "new"), "`--to new` is not supported"),
        (MANIFEST, ("--to", "0.28", "--from", "old"), "`--from old` is not a PyO3 version"),
        (MANIFEST, ("--to", "0.28", "--from", "0.20"), "`migrate` supports 0.21 and later"),
        (MANIFEST, ("--to", "0.28", "--from", "0.30"), "is already on PyO3 0.30"),
        (MANIFEST, ("--to", "0.28", "--verify", "--dry-run"), "cannot be used with `--dry-run`"),
        (MANIFEST, ("--continue", "--abort"), "cannot be used with `--abort`"),
        (MANIFEST, ("--continue",), "No migration of this project was interrupted"),
        (MANIFEST, ("--abort",), "No migration of this project was interrupted"),
        (MANIFEST.replace("0.25", "0.19"), ("--to", "0.28"), "is on PyO3 0.19"),
        (MANIFEST.replace("0.25", "0.29"), ("--to", "0.28"), "is already on PyO3 0.29"),
        (
            MANIFEST.replace('"0.25"', '{ path = "../pyo3" }'),
            ("--to", "0.28"),
            "Cannot determine the project's PyO3 version",
        ),
        (MANIFEST.replace("pyo3", "serde"), ("--to", "0.28"), "depends on pyo3"),
        ("[package\n", ("--to", "0.28"), "A manifest cannot be read"),
    ],
)
def test_what_cannot_be_used(manifest: str, words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    refused(make(tmp_path, {"Cargo.toml": manifest}), *words, said=said)


def test_no_project(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    refused(tmp_path, "--to", "0.28", said="There is no Cargo.toml")
    refused(tmp_path, "--to", "0.28", path="nowhere", said="There is no nowhere")


def test_uncommitted_changes(tmp_path: Path) -> None:
    root = make(tmp_path)
    (root / "README.md").write_text("not touched by it\n")
    (root / "src" / "lib.rs").write_text(CODE + "// mine\n")
    refused(root, "--to", "0.28", said="Not committed: src/lib.rs")
    result = run_kit("migrate", "--to", "0.28", "--allow-dirty", folder=root)
    assert result.code == 0, result.err
    assert files(root)["src/lib.rs"].endswith(b"// mine\n")


def test_a_file_that_git_does_not_know(tmp_path: Path) -> None:
    root = make(tmp_path)
    (root / "src" / "new.rs").write_text(CODE)
    refused(root, "--to", "0.28", said="Not committed: src/new.rs")


def test_no_repository(tmp_path: Path) -> None:
    root = make(tmp_path, git=False)
    refused(root, "--to", "0.28", said="is not in a Git repository")
    assert run_kit("migrate", "--to", "0.28", "--dry-run", folder=root).code == 0
    result = run_kit("migrate", "--to", "0.28", "--allow-no-vcs", folder=root)
    assert result.code == 0, result.err
    assert b"Python::attach" in files(root)["src/lib.rs"]


def test_a_project_of_our_template(tmp_path: Path) -> None:
    answers = "_src_path: https://github.com/pyo3-kit/pyo3-kit.git\npyo3: '0.28'\n"
    root = make(tmp_path, {".copier-answers.yml": answers})
    refused(root, "--to", "0.30", said="was created by pyo3-kit's template")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.rs"
    outside.write_text(CODE)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "deep.rs").write_text(CODE)
    root = make(tmp_path / "project")
    (root / "src" / "linked.rs").symlink_to(outside)
    (root / "src" / "folder").symlink_to(tmp_path / "folder")
    (root / "src" / "circle").symlink_to(root)
    commit(root)
    result = run_kit("migrate", "--to", "0.28", folder=root)
    # It holds what is gone, and is somebody's to migrate.
    assert result.code == 1, result.err
    assert "src/linked.rs:1: is behind a symbolic link; not migrated" in result.err
    assert "src/folder: is a link out of the project" in result.err
    assert outside.read_text() == CODE
    assert (tmp_path / "folder" / "deep.rs").read_text() == CODE


def test_a_file_that_is_read_only(tmp_path: Path) -> None:
    root = make(tmp_path)
    (root / "src" / "lib.rs").chmod(0o444)
    refused(root, "--to", "0.28", said="src/lib.rs is read-only")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="who may write everywhere is refused nothing")
def test_a_tree_that_is_read_only(tmp_path: Path) -> None:
    root = make(tmp_path)
    (root / "src").chmod(0o555)
    try:
        refused(root, "--to", "0.28", said="Permission denied")
    finally:
        (root / "src").chmod(0o755)
