from __future__ import annotations

import pytest

from pyo3_kit.audit.model import Safety
from tests.audit.support import check, fixed, manifest, spots

ABORT = 'panic = "abort"'
WORKSPACE = '[workspace]\nmembers = ["a", "b"]\n'


@pytest.mark.parametrize(
    "texts",
    [
        {"Cargo.toml": f"{manifest()}\n[profile.release]\n{ABORT}\n"},
        {"Cargo.toml": f"{manifest()}\n[profile.release]\nlto = true\n{ABORT} # small\n"},
        {
            "Cargo.toml": f'{manifest()}\n[profile.dist]\ninherits = "release"\n{ABORT}\n',
            "pyproject.toml": '[tool.maturin]\nprofile = "dist"\n',
        },
        {
            "Cargo.toml": f'{manifest()}\n[profile.dist]\ninherits = "release"\n[profile.release]\n{ABORT}\n',
            "pyproject.toml": '[tool.maturin]\nprofile = "dist"\n',
        },
        {
            "Cargo.toml": f'{manifest()}\n[profile.dist]\ninherits = "release"\n{ABORT}\n',
            ".github/workflows/a.yml": "jobs: {a: {steps: [{run: maturin build --profile dist}]}}",
        },
        {".cargo/config.toml": f"[profile.release]\n{ABORT}\n"},
        {
            "Cargo.toml": f"{WORKSPACE}[profile.release]\n{ABORT}\n",
            "a/Cargo.toml": manifest(),
            "b/Cargo.toml": manifest(),
        },
    ],
)
def test_an_aborting_profile_is_found(texts: dict[str, str]) -> None:
    assert spots("PYO112", texts) == [ABORT]


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"Cargo.toml": f'{manifest()}\n[profile.release]\npanic = "unwind"\n'},
        {"Cargo.toml": f"{manifest()}\n[profile.dev]\n{ABORT}\n"},
        {"Cargo.toml": f'{manifest()}\n[profile.small]\ninherits = "release"\n{ABORT}\n'},
        {"Cargo.toml": manifest().replace('"cdylib"', '"rlib"') + f"\n[profile.release]\n{ABORT}\n"},
        {"Cargo.toml": WORKSPACE, "a/Cargo.toml": f"{manifest()}\n[profile.release]\n{ABORT}\n"},
        {"Cargo.toml": f"[package]\nname = 'x'\n[lib]\ncrate-type = ['cdylib']\n[profile.release]\n{ABORT}\n"},
        {
            "Cargo.toml": f"{manifest()}\n[profile.release]\n{ABORT}\n",
            ".cargo/config.toml": '[profile.release]\npanic = "unwind"\n',
        },
        {
            "Cargo.toml": f'{manifest()}\n[profile.release]\n{ABORT}\n[profile.dist]\ninherits = "release"\n'
            'panic = "unwind"\n',
            "pyproject.toml": '[tool.maturin]\nprofile = "dist"\n',
        },
    ],
)
def test_nothing_is_said_where_wheels_unwind(texts: dict[str, str]) -> None:
    assert check("PYO112", texts) == []


def test_the_fix_removes_the_key_and_leaves_the_rest() -> None:
    before = f'{manifest()}\n[profile.release]\nlto = "fat" # é\n{ABORT}\nstrip = true\n'
    assert fixed("PYO112", {"Cargo.toml": before}, "Cargo.toml") == before.replace(f"{ABORT}\n", "")


@pytest.mark.parametrize(
    ("other", "safety"),
    [
        ("[package]\nname = 'cli'\n", Safety.UNSAFE),
        (f"{manifest()}\n[[bin]]\nname = 'cli'\n", Safety.UNSAFE),
        (manifest(), Safety.SAFE),
    ],
)
def test_the_fix_is_unsafe_where_something_else_is_built_with_the_profile(other: str, safety: Safety) -> None:
    before = f"{WORKSPACE}[profile.release]\n{ABORT}\n"
    texts = {"Cargo.toml": before, "a/Cargo.toml": manifest(), "b/Cargo.toml": other}
    assert [one.fix and one.fix.safety for one in check("PYO112", texts)] == [safety]
    after = f"{WORKSPACE}[profile.release]\n"
    assert fixed("PYO112", texts, "Cargo.toml") == (after if safety is Safety.SAFE else before)
    assert fixed("PYO112", texts, "Cargo.toml", unsafe=True) == after


@pytest.mark.parametrize(
    ("path", "package", "safety"),
    [
        ("src/main.rs", "", Safety.UNSAFE),
        ("src/bin/tool.rs", "", Safety.UNSAFE),
        ("src/bin/tool/main.rs", "", Safety.UNSAFE),
        ("src/bin/tool/main.rs", "autobins = false\n", Safety.SAFE),
        ("src/tool/main.rs", "", Safety.SAFE),
    ],
)
def test_the_fix_is_unsafe_beside_programs_that_cargo_finds_by_itself(path: str, package: str, safety: Safety) -> None:
    text = manifest().replace("edition", f"{package}edition")
    texts = {"Cargo.toml": f"{text}\n[profile.release]\n{ABORT}\n", "src/lib.rs": "", path: "fn main() {}"}
    assert [one.fix and one.fix.safety for one in check("PYO112", texts)] == [safety]


def test_a_crate_outside_of_the_workspace_is_no_matter() -> None:
    texts = {
        "Cargo.toml": f"{manifest()}\n[profile.release]\n{ABORT}\n",
        "tools/Cargo.toml": "[package]\nname = 'tool'\n",
    }
    assert [one.fix and one.fix.safety for one in check("PYO112", texts)] == [Safety.SAFE]


def test_the_fix_mends_cargos_configuration() -> None:
    path = ".cargo/config.toml"
    before = f"[profile.release]\nlto = true\n{ABORT}\n"
    assert fixed("PYO112", {path: before}, path) == "[profile.release]\nlto = true\n"
