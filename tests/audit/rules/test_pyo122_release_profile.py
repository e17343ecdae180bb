from __future__ import annotations

import pytest

from tests.audit.support import check, fixed, manifest, spots

FULL = '[profile.release]\nlto = "fat"\ncodegen-units = 1\nstrip = true\n'
WORKSPACE = '[workspace]\nmembers = ["a", "b"]\n'
HEAD = "[profile.release]"


@pytest.mark.parametrize(
    ("texts", "found", "lacking"),
    [
        ({}, "[package]", "`lto`, `codegen-units` and `strip`"),
        ({"Cargo.toml": f"{manifest()}\n{HEAD}\nopt-level = 3\n"}, HEAD, "`lto`, `codegen-units` and `strip`"),
        ({"Cargo.toml": f"{manifest()}\n{HEAD}\nlto = true\n"}, HEAD, "`codegen-units` and `strip`"),
        ({"Cargo.toml": f"{manifest()}\n{HEAD}\nlto = true\ncodegen-units = 1\n"}, HEAD, "`strip`"),
        (
            {"Cargo.toml": WORKSPACE, "a/Cargo.toml": f"{manifest()}\n{FULL}", "b/Cargo.toml": manifest()},
            "[workspace]",
            "`lto`, `codegen-units` and `strip`",
        ),
        (
            {
                "Cargo.toml": f'{manifest()}\n[profile.dist]\ninherits = "release"\nlto = "fat"\n',
                "pyproject.toml": '[tool.maturin]\nprofile = "dist"\n',
            },
            "[profile.dist]",
            "`codegen-units` and `strip`",
        ),
        (
            {"Cargo.toml": f"{manifest()}\n[profile.dev]\nlto = true\n{HEAD}\ndebug = 1\n"},
            HEAD,
            "`lto` and `codegen-units`",
        ),
    ],
)
def test_what_is_missing_is_found(texts: dict[str, str], found: str, lacking: str) -> None:
    assert spots("PYO122", texts) == [found]
    assert check("PYO122", texts)[0].message.endswith(lacking)


@pytest.mark.parametrize(
    "texts",
    [
        {"Cargo.toml": f"{manifest()}\n{FULL}"},
        {"Cargo.toml": f'{manifest()}\n{HEAD}\nlto = "thin"\ncodegen-units = 4\nstrip = "none"\n'},
        {"Cargo.toml": manifest(), ".cargo/config.toml": FULL},
        {"Cargo.toml": WORKSPACE + FULL, "a/Cargo.toml": manifest(), "b/Cargo.toml": manifest()},
        {"Cargo.toml": manifest().replace('"cdylib"', '"rlib"')},
        {"Cargo.toml": "[package]\nname = 'x'\n[lib]\ncrate-type = ['cdylib']\n"},
        {
            "Cargo.toml": f'{manifest()}\n{FULL}\n[profile.dist]\ninherits = "release"\n',
            "pyproject.toml": '[tool.maturin]\nprofile = "dist"\n',
        },
        {
            "Cargo.toml": f"{manifest()}\n{FULL}".replace("strip = true\n", ""),
            "pyproject.toml": "[tool.maturin]\nstrip = true\n",
        },
        {
            "Cargo.toml": f"{manifest()}\n{FULL}".replace('lto = "fat"\n', ""),
            ".github/workflows/a.yml": "env: {CARGO_PROFILE_RELEASE_LTO: fat}",
        },
    ],
)
def test_nothing_is_said_where_it_is_set_or_decided(texts: dict[str, str]) -> None:
    assert check("PYO122", texts) == []


def test_the_fix_adds_what_is_missing() -> None:
    before = f"{manifest()}\n{HEAD} # é\nlto = true # ours\n\n[profile.dev]\nopt-level = 1\n"
    after = before.replace("# ours\n", "# ours\ncodegen-units = 1\nstrip = true\n")
    assert fixed("PYO122", {"Cargo.toml": before}, "Cargo.toml") == after


def test_the_fix_adds_the_profile() -> None:
    assert fixed("PYO122", {"Cargo.toml": manifest()}, "Cargo.toml") == f"{manifest()}\n{FULL}"


def test_the_fix_adds_the_profile_beside_others() -> None:
    before = f"{manifest()}\n[profile.dev]\nopt-level = 1\n"
    after = fixed("PYO122", {"Cargo.toml": before}, "Cargo.toml")
    assert after.startswith(before)
    assert FULL in after
