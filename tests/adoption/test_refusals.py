"""What stands against adopting a project: one message that says what to do, exit code 2, nothing written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.adoption.projects import CARGO, LAYOUTS, MIXED, PYPROJECT, SETUPTOOLS, Files, adopt, refused, write
from tests.support.history import commit_all, git

pytestmark = pytest.mark.slow

TWO: Files = {
    "Cargo.toml": '[workspace]\nmembers = ["one", "two"]\n',
    "one/Cargo.toml": CARGO,
    "one/src/lib.rs": "",
    "two/Cargo.toml": CARGO.replace("stone-age", "iron-age"),
    "two/src/lib.rs": "",
}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"README.md": "Text.\n"}, "There is no Cargo.toml in"),
        ({"Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\n'}, "No crate here depends on pyo3."),
        (
            {"Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\n[dependencies]\nuniffi = "0.29"\n'},
            "It binds to Python with uniffi.",
        ),
        ({**MIXED, "Cargo.toml": CARGO.replace("0.29", "0.23")}, "pyo3-kit migrate --to 0.30"),
        ({**MIXED, "Cargo.toml": CARGO.replace("0.29", "0.99")}, "PyO3 0.99, which this version of pyo3-kit does not"),
        ({**MIXED, "Cargo.toml": CARGO + "[package\n"}, "Cargo.toml is not valid TOML"),
        ({**MIXED, "pyproject.toml": "[project\n"}, "pyproject.toml is not valid TOML"),
        (TWO, "stone-age (one), iron-age (two)"),
        (
            {**MIXED, ".copier-answers.yml": "_src_path: gh:other/template\n_commit: v1\n"},
            "the template gh:other/template",
        ),
        ({**MIXED, ".copier-answers.yml": "_commit: v1\n"}, "_src_path"),
    ],
)
def test_a_project_is_refused(files: Files, said: str, tmp_path: Path) -> None:
    refused(write(tmp_path, files), "--defaults", said=said)


SAMPLE = CARGO.replace("stone-age", "sample")
ROOT_MANIFEST = f'{PYPROJECT}manifest-path = "crates/core/Cargo.toml"\n'


@pytest.mark.parametrize(
    ("files", "crate"),
    [
        # The pyproject.toml at the root says which.
        (
            {
                "pyproject.toml": ROOT_MANIFEST,
                "crates/core/Cargo.toml": CARGO.replace("cdylib", "lib"),
                "crates/util/Cargo.toml": SAMPLE.replace("cdylib", "rlib"),
                "examples/ffi/Cargo.toml": SAMPLE,
                "examples/ffi/pyproject.toml": PYPROJECT,
            },
            "crates/core/Cargo.toml",
        ),
        ({"pyproject.toml": PYPROJECT, "Cargo.toml": CARGO, "other/Cargo.toml": SAMPLE}, "Cargo.toml"),
        # Examples and tests are not delivered.
        ({"Cargo.toml": CARGO, "examples/plugin/Cargo.toml": SAMPLE}, "Cargo.toml"),
        (
            {"native/Cargo.toml": CARGO, "tests/crate/Cargo.toml": SAMPLE, "pytests/fuzz/Cargo.toml": SAMPLE},
            "native/Cargo.toml",
        ),
        # Of several modules, one has Python metadata.
        ({"one/Cargo.toml": CARGO, "two/Cargo.toml": SAMPLE, "two/pyproject.toml": PYPROJECT}, "two/Cargo.toml"),
    ],
)
def test_the_binding_crate_is_found(files: Files, crate: str, tmp_path: Path) -> None:
    result = adopt(write(tmp_path, files), "--dry-run", "--json")
    assert (result.code, result.object["crate"] if result.out else result.err) == (0, crate)


def linked(root: Path, files: Files, links: Files) -> Path:
    write(root, files)
    for name, target in links.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(target)
    commit_all(root)
    return root


@pytest.mark.parametrize(
    ("files", "links"),
    [
        ({"second/pyproject.toml": SETUPTOOLS}, {"second/Cargo.toml": "../main/Cargo.toml"}),
        ({}, {"second/Cargo.toml": "../main/Cargo.toml", "second/pyproject.toml": "../main/pyproject.toml"}),
        ({}, {"a/Cargo.toml": "../main/Cargo.toml", "b/Cargo.toml": "../a/Cargo.toml"}),
        ({}, {"pyproject.toml": "main/pyproject.toml"}),
    ],
)
def test_a_link_to_a_manifest_is_not_another_crate(files: Files, links: Files, tmp_path: Path) -> None:
    main = {f"main/{path}": text for path, text in MIXED.items()}
    result = adopt(linked(tmp_path, {**main, **files}, links), "--defaults", "--json")
    assert (result.code, result.object["crate"] if result.out else result.err) == (0, "main/Cargo.toml")


def test_crates_of_one_name_are_named_by_their_folders(tmp_path: Path) -> None:
    root = write(tmp_path, {"one/Cargo.toml": CARGO, "two/Cargo.toml": CARGO})
    assert "`--crate one`" in refused(root, said="stone-age (one), stone-age (two)").err
    assert "`--crate one`" in refused(root, "--crate", "stone-age", said="Several crates here are called").err
    assert adopt(root, "--crate", "one", "--dry-run").code == 0


@pytest.mark.parametrize("named", ["iron-age", "two", "./two/"])
def test_the_binding_crate_can_be_named(named: str, tmp_path: Path) -> None:
    result = adopt(write(tmp_path, TWO), "--dry-run", "--json", "--crate", named)
    assert (result.code, result.object["crate"]) == (0, "two/Cargo.toml")


def test_options_that_name_nothing_are_refused(tmp_path: Path) -> None:
    root = write(tmp_path, MIXED)
    refused(root, "--only", "spelling", said="There is no group `spelling`")
    refused(root, "--crate", "other", said="No crate `other` here depends on pyo3")
    refused(root, "--data", "python_min=2.7", said="python_min")
    refused(root, "--data", "colour=red", said="colour")
    refused(root, "--only", "lints", "--without", "lints", said="leave no group")
    refused(root, "--continue", "--abort", said="`--continue` cannot be used with `--abort`")
    refused(root, "--continue", said="nothing to continue")
    refused(root, "nowhere", said="does not exist")


def test_a_line_that_the_project_is_not_on_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, MIXED)
    newer = refused(root, "--data", "pyo3=0.30", said="The project is on PyO3 0.29 (Cargo.toml:14), not on 0.30.")
    assert "pyo3-kit migrate --to 0.30" in newer.err
    refused(root, "--data", "pyo3=0.28", said="Omit `pyo3`")
    assert adopt(root, "--data", "pyo3=0.29", "--dry-run").code == 0
    # Here nothing tells which line it is built with.
    (root / "Cargo.toml").write_text(CARGO.replace('"0.29"', '">=0.29, <0.31"'), encoding="utf-8")
    commit_all(root)
    assert adopt(root, "--data", "pyo3=0.30", "--dry-run").code == 0


def test_a_broken_manifest_elsewhere_is_no_matter(tmp_path: Path) -> None:
    assert adopt(write(tmp_path, {**MIXED, "tests/bad/Cargo.toml": "[package\n"}), "--dry-run").code == 0


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (".gitignore", "target/\n/.*\n!/.gitignore\n", ".gitignore:2 has the pattern `/.*`"),
        (".gitignore", "# Ours.\n\n*.yml\n", ".gitignore:3 has the pattern `*.yml`"),
        (".git/info/exclude", ".copier*\n", ".git/info/exclude:1 has the pattern `.copier*`"),
    ],
)
def test_an_answers_file_that_git_ignores_is_refused(file: str, text: str, said: str, tmp_path: Path) -> None:
    root = write(tmp_path, MIXED)
    (root / file).write_text(text)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Ignore it")
    result = refused(root, "--defaults", said=f"Git ignores .copier-answers.yml: {said}")
    assert "add the line `!.copier-answers.yml` behind it" in result.err
    (root / file).write_text(f"{text}!.copier-answers.yml\n")
    assert adopt(root, "--defaults").code == 0
    git(root, "add", "--all")
    assert ".copier-answers.yml" in git(root, "ls-files").splitlines()


def test_a_pattern_above_the_project_is_named(tmp_path: Path) -> None:
    files = {f"py/{path}": text for path, text in MIXED.items()}
    root = write(tmp_path, {**files, ".gitignore": "\npy/.copier-answers.yml\n"})
    refused(root / "py", "--defaults", said=".gitignore:2 has the pattern `py/.copier-answers.yml`")


@pytest.mark.parametrize(
    ("group", "pattern", "path"),
    [
        ("lints", "clippy.toml", "clippy.toml"),
        ("stubs", "*.typed", "python/stone/py.typed"),
        ("docs", "docs/", "docs/api.md"),
    ],
)
def test_an_addition_that_git_ignores_is_refused(group: str, pattern: str, path: str, tmp_path: Path) -> None:
    root = write(tmp_path, {**MIXED, ".gitignore": f"{pattern}\n"})
    arguments = ("--only", f"profile,{group}", "--data", "docs=sphinx")
    refused(root, *arguments, said=f"Git ignores {path}: .gitignore:1 has the pattern `{pattern}`")
    assert adopt(root, *arguments, "--without", group).code == 0


def test_a_folder_without_git_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text(CARGO)
    refused(tmp_path, said="is not in a Git repository")


def test_a_file_with_changes_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, MIXED)
    (root / "Cargo.toml").write_text(CARGO + "# more\n")
    refused(root, "--defaults", said="Cargo.toml: it has changes that are not committed")
    assert adopt(root, "--dry-run", "--only", "stubs").code == 0


def test_an_untracked_file_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, MIXED)
    git(root, "rm", "--quiet", "--cached", "Cargo.toml")
    git(root, "commit", "--quiet", "--message", "Forget it")
    refused(root, "--defaults", said="Cargo.toml: it is untracked")


def test_a_manifest_behind_a_link_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, {**MIXED, "real.toml": CARGO})
    (root / "Cargo.toml").unlink()
    (root / "Cargo.toml").symlink_to("real.toml")
    commit_all(root)
    refused(root, "--defaults", said="Cargo.toml is a symbolic link")


def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, MIXED)
    (root / "pyproject.toml").write_bytes(b"\xff\xfe")
    commit_all(root)
    refused(root, "--defaults", said="pyproject.toml is not UTF-8")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, LAYOUTS["mixed"])
    (root / "python" / "stone").chmod(0o500)
    refused(root, "--defaults", said="cannot be written to")


def test_a_member_alone_is_sent_to_its_workspace(tmp_path: Path) -> None:
    root = write(tmp_path, LAYOUTS["workspace"])
    result = refused(root / "crates" / "binding", "--defaults", said="belongs to the workspace in")
    assert f"pyo3-kit adopt {root} --crate stone-binding" in result.err
