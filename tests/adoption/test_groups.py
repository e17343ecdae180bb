"""The groups: what each brings, by default, when it is named, and when it is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pyo3_kit.texts.toml import parse_toml
from tests.adoption.projects import CARGO, LAYOUTS, LIB, MIXED, adopt, deleted, write
from tests.support.command import run_kit

pytestmark = pytest.mark.slow

OWN_CI = {**MIXED, ".github/workflows/CI.yml": "on: push\n"}


def files(root: Path, *arguments: str) -> set[str]:
    result = adopt(root, "--json", *arguments)
    assert result.code == 0, result.err
    return {file["path"] for file in result.object["files"]} - {".copier-answers.yml"}


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (("--without", "profile"), {"pyproject.toml", "python/stone/py.typed"}),
        (("--without", "profile,flags", "--without", "stubs"), {"pyproject.toml"}),
        (("--only", "stubs"), {"pyproject.toml", "python/stone/py.typed"}),
        (("--only", "lints"), {"Cargo.toml", "pyproject.toml", "clippy.toml", "deny.toml"}),
        (("--only", "hooks", "--data", "hooks=true"), {"pyproject.toml", ".pre-commit-config.yaml", ".taplo.toml"}),
        (
            ("--only", "docs", "--data", "docs=sphinx"),
            {"pyproject.toml", "docs/api.md", "docs/conf.py", "docs/index.md"},
        ),
    ],
)
def test_groups_are_taken_as_named(arguments: tuple[str, ...], written: set[str], tmp_path: Path) -> None:
    root = write(tmp_path, MIXED)
    assert files(root, *arguments) == written
    assert set(deleted(root).values()) <= {0}


@pytest.mark.parametrize("own", [".pre-commit-config.yaml", "taplo.toml", ".taplo.toml"])
def test_what_formats_toml_comes_with_its_hook_alone(own: str, tmp_path: Path) -> None:
    root = write(tmp_path, {**MIXED, own: "# The project's own.\n"})
    written = files(root, "--only", "hooks,lints", "--data", "hooks=true")
    assert ".taplo.toml" not in written
    assert (".pre-commit-config.yaml" in written) == (own != ".pre-commit-config.yaml")


def test_a_project_without_ci_gets_it_when_it_is_asked_for(tmp_path: Path) -> None:
    written = files(write(tmp_path, MIXED), "--data", "ci=github")
    assert {".github/workflows/ci.yml", ".github/workflows/release.yml"} <= written


def offers(root: Path) -> dict[str, Any]:
    return {group["id"]: group for group in adopt(root, "--dry-run", "--json").object["groups"]}


def test_ci_of_its_own_is_left_alone(tmp_path: Path) -> None:
    found = offers(write(tmp_path, OWN_CI))
    assert (found["ci"]["accepted"], found["ci"]["declined"]) == (
        False,
        "the project has its own CI, .github/workflows/CI.yml",
    )
    # Where case does not tell names apart it would replace the project's own.
    assert ".github/workflows/ci.yml" not in found["ci"]["files"]


def test_lints_are_not_taken_unless_named(tmp_path: Path) -> None:
    found = offers(write(tmp_path, MIXED))
    assert (found["lints"]["accepted"], "not written for them" in found["lints"]["declined"]) == (False, True)


@pytest.mark.parametrize(("code", "denied"), [("", True), ("pub unsafe fn f() {}\n", False)])
def test_unsafe_code_is_denied_only_where_there_is_none(code: str, denied: bool, tmp_path: Path) -> None:
    root = write(tmp_path, {**MIXED, "src/lib.rs": LIB + code})
    files(root, "--only", "lints")
    assert ("unsafe_code" in parse_toml((root / "Cargo.toml").read_text())["lints"]["rust"]) is denied


def test_lints_go_where_a_member_inherits_them_from(tmp_path: Path) -> None:
    layout = dict(LAYOUTS["workspace"])
    layout["crates/binding/Cargo.toml"] += "\n[lints]\nworkspace = true\n"
    root = write(tmp_path, layout)
    files(root, "--only", "lints")
    assert "unwrap_used" in parse_toml((root / "Cargo.toml").read_text())["workspace"]["lints"]["clippy"]
    assert parse_toml((root / "crates/binding/Cargo.toml").read_text())["lints"] == {"workspace": True}


def test_who_keeps_debug_information_does_not_have_it_stripped(tmp_path: Path) -> None:
    root = write(
        tmp_path, {**MIXED, "Cargo.toml": CARGO.replace("[profile.release]\n", "[profile.release]\ndebug = 1\n")}
    )
    files(root)
    release = parse_toml((root / "Cargo.toml").read_text())["profile"]["release"]
    assert (release["debug"], "strip" in release) == (1, False)


def test_no_marker_without_stubs(tmp_path: Path) -> None:
    root = write(tmp_path, {path: text for path, text in MIXED.items() if not path.endswith(".pyi")})
    assert "python/stone/py.typed" not in files(root, "--data", "stubs=true")


@pytest.mark.parametrize(
    ("own", "texts"),
    [
        (".cargo/config.toml", "[build]\nrustflags = ['-C', 'target-cpu=x86-64-v3']\n"),
        (".cargo/config", "[net]\nretry = 3\n"),
    ],
)
def test_flags_that_would_hide_each_other_are_left_to_a_person(own: str, texts: str, tmp_path: Path) -> None:
    root = write(tmp_path, {**MIXED, own: texts})
    result = adopt(root, "--data", "disable_reference_pool=true", "--json")
    assert result.code == 0, result.err
    written = {file["path"] for file in result.object["files"]}
    assert not written & {".cargo/config.toml", ".cargo/config"}
    assert "config" not in parse_toml((root / "pyproject.toml").read_text())["tool"]["maturin"]
    assert any("flags were not added" in note and own in note for note in result.object["notes"])
    before = (root / "pyproject.toml").read_text()
    again = run_kit("update", "--json", folder=root)
    assert (again.code, again.object["files"]) == (0, [])
    assert (root / "pyproject.toml").read_text() == before
