"""The groups: what each brings, by default, when it is named, and when it is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pyo3_kit.texts.toml import parse_toml
from tests.adoption.projects import CARGO, KERNEL, LAYOUTS, LIB, MIXED, PYPROJECT, adopt, deleted, write
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


def offers(root: Path, *arguments: str) -> dict[str, Any]:
    return {group["id"]: group for group in adopt(root, "--dry-run", "--json", *arguments).object["groups"]}


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


HALF = "lto = true\ncodegen-units = 1\n"
INHERITS = '[profile.symbols]\ninherits = "release"\n'


def release(root: Path, files: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    """The profile for wheels after an adoption, if the manifest has one."""
    result = adopt(write(root, files), "--defaults", "--json", *arguments)
    assert result.code == 0, result.err
    profiles = parse_toml((root / "Cargo.toml").read_text()).get("profile", {})
    assert set(profiles) <= set(re.findall(r"\[profile\.([a-z]+)", files["Cargo.toml"])) | {"release"}
    return dict(profiles.get("release", {}))


def with_profile(text: str) -> dict[str, str]:
    return {**MIXED, "Cargo.toml": CARGO.partition("[profile.release]")[0] + text}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"lto": "fat", "codegen-units": 1, "strip": True}),
        (f"{INHERITS}strip = false\ndebug = true\n", {"lto": "fat", "codegen-units": 1, "strip": True}),
        # Symbols that another profile inherits are not stripped.
        (f"{INHERITS}debug = true\n", {"lto": "fat", "codegen-units": 1}),
        (f'[profile.release]\nsplit-debuginfo = "packed"\n{HALF}\n{INHERITS}debug = true\n', None),
        (f"[profile.release]\n{HALF}\n[profile.bench]\ndebug = 1\n", None),
        # Alone it saves little.
        (f"[profile.release]\n{HALF}", None),
        # What is set is kept, however it is written.
        (f'[profile.release]\n{HALF}strip = "symbols"\n', None),
        ('[profile.release]\nlto = "thin"\ncodegen-units = 4\nstrip = "none"\n', None),
    ],
)
def test_only_what_wheels_lack_is_added(text: str, expected: dict[str, Any] | None, tmp_path: Path) -> None:
    before = parse_toml(text).get("profile", {}).get("release", {})
    assert release(tmp_path, with_profile(text)) == (before if expected is None else expected)


def test_values_that_mean_the_same_do_not_differ(tmp_path: Path) -> None:
    root = write(tmp_path, with_profile(f'[profile.release]\n{HALF}strip = "symbols"\nopt-level = "s"\n'))
    found = adopt(root, "--defaults", "--json").object["differs"]
    assert [one["key"] for one in found] == ["profile.release.opt-level"]


def test_the_profile_that_wheels_are_built_with_is_completed(tmp_path: Path) -> None:
    workflow = "jobs: {a: {steps: [{run: maturin build --profile dist}, {run: maturin develop --profile quick}]}}\n"
    profiles = '[profile.dist]\ninherits = "release"\nlto = "thin"\n\n[profile.quick]\ninherits = "dev"\n'
    root = write(tmp_path, {**with_profile(profiles), ".github/workflows/a.yml": workflow})
    assert adopt(root, "--defaults").code == 0
    found = parse_toml((root / "Cargo.toml").read_text())["profile"]
    assert found == {
        "dist": {"inherits": "release", "lto": "thin", "codegen-units": 1, "strip": True},
        "quick": {"inherits": "dev"},
    }


@pytest.mark.parametrize(
    "files",
    [
        {".cargo/config.toml": f"[profile.release]\n{HALF}strip = true\n"},
        {".github/workflows/a.yml": "env: {CARGO_PROFILE_RELEASE_LTO: fat, CARGO_PROFILE_RELEASE_CODEGEN_UNITS: 1}\n"}
        | {"pyproject.toml": PYPROJECT + "strip = true\n"},
    ],
)
def test_what_is_set_elsewhere_is_not_added(files: dict[str, str], tmp_path: Path) -> None:
    assert release(tmp_path, {**with_profile(""), **files}) == {}


PRODUCTS = [
    {"tool/Cargo.toml": KERNEL, "tool/src/main.rs": "fn main() {}\n"},
    {"tool/Cargo.toml": f'{KERNEL}[lib]\ncrate-type = ["staticlib"]\n', "tool/src/lib.rs": ""},
    {"src/bin/stone.rs": "fn main() {}\n"},
]


@pytest.mark.parametrize("other", PRODUCTS)
def test_the_profile_of_other_products_is_left_alone(other: dict[str, str], tmp_path: Path) -> None:
    files = {**with_profile('[workspace]\nmembers = ["tool"]\n'), **other}
    assert release(tmp_path / "default", files) == {}
    found = offers(write(tmp_path / "named", files))["profile"]
    assert found["accepted"] is False
    assert "built with the same profile" in found["declined"]
    assert release(tmp_path / "only", files, "--only", "profile")["codegen-units"] == 1


@pytest.mark.parametrize(
    ("extra", "files", "added"),
    [
        ("", {}, False),
        ("", {"uv.lock": ""}, True),
        ("", {".github/workflows/a.yml": "jobs: {a: {steps: [{uses: astral-sh/setup-uv@v7}]}}\n"}, True),
        ("[tool.uv]\ndev-dependencies = []\n", {}, True),
        ("[tool.uv]\npackage = false\n", {"uv.lock": ""}, False),
        ('[tool.uv]\ncache-keys = [{ file = "**/*.rs" }]\n', {"uv.lock": ""}, False),
    ],
)
def test_cache_keys_are_for_projects_that_uv_builds(
    extra: str, files: dict[str, str], added: bool, tmp_path: Path
) -> None:
    root = write(tmp_path, {**MIXED, "pyproject.toml": f"{PYPROJECT}\n{extra}", **files})
    assert adopt(root, "--defaults").code == 0
    text = (root / "pyproject.toml").read_text()
    assert ('{ file = "**/Cargo.toml" }' in text) is added
    # There is no lock file here that could change.
    assert "Cargo.lock" not in text


def test_cache_keys_name_a_lock_file_that_is_there(tmp_path: Path) -> None:
    root = write(tmp_path, {**MIXED, "uv.lock": "", "Cargo.lock": "version = 4\n"})
    assert adopt(root, "--defaults").code == 0
    assert '{ file = "Cargo.lock" }' in (root / "pyproject.toml").read_text()


MONOREPOS: Mapping[str, Mapping[str, str]] = {
    "in a folder": LAYOUTS["subfolder"],
    "beside a program": {**MIXED, "src/main.rs": "fn main() {}\n"},
    "beside another package": {**MIXED, "web/pyproject.toml": '[project]\nname = "web"\nversion = "1"\n'},
}
ALL = ("--data", "ci=github", "--data", "hooks=true", "--data", "docs=sphinx")


@pytest.mark.parametrize("kind", MONOREPOS)
def test_a_monorepo_gets_the_small_set(kind: str, tmp_path: Path) -> None:
    found = offers(write(tmp_path, MONOREPOS[kind]), *ALL)
    assert {name for name, one in found.items() if one["accepted"]} <= {"profile", "flags", "stubs"}
    for name in ("ci", "hooks", "docs"):
        assert found[name]["declined"].startswith("they would be for the whole repository: ")


def test_a_monorepo_gets_what_is_named(tmp_path: Path) -> None:
    root = write(tmp_path, MONOREPOS["in a folder"])
    written = files(root, "--only", "build,ci", *ALL)
    assert {"bindings/python/Cargo.toml", ".github/workflows/ci.yml"} <= written
    assert not {path for path in written if path.startswith(("docs/", ".pre-commit"))}


@pytest.mark.parametrize(
    ("arguments", "groups"), [(("--only", "build"), {"profile", "flags"}), (("--without", "build"), {"stubs"})]
)
def test_build_is_short_for_two_groups(arguments: tuple[str, ...], groups: set[str], tmp_path: Path) -> None:
    found = offers(write(tmp_path, {**MIXED, "uv.lock": ""}), *arguments)
    assert {name for name, one in found.items() if one["accepted"]} == groups


def test_below_the_root_of_the_repository_there_is_no_ci(tmp_path: Path) -> None:
    root = write(tmp_path, LAYOUTS["subfolder"])
    result = adopt(root / "bindings" / "python", "--dry-run", "--json", "--only", "ci", "--data", "ci=github")
    assert [one for one in result.object["groups"] if one["id"] == "ci"] == []


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
