from __future__ import annotations

import pytest

from pyo3_kit.audit.fixing import fix_text
from pyo3_kit.audit.model import Safety
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


DEVELOP = '[profile.fast-build]\ninherits = "dev"\nopt-level = 1\nstrip = "debuginfo"\n'
CI = ".github/workflows/ci.yml"


@pytest.mark.parametrize(
    "workflow",
    [
        "jobs: {a: {steps: [{run: uv run maturin develop --profile fast}]}}\n",
        "jobs:\n  a:\n    steps:\n      - run: |\n          maturin develop \\\n            --profile fast\n",
        "jobs:\n  a:\n    steps:\n      - uses: PyO3/maturin-action@v1\n        with:\n          command: develop\n"
        "          args: --profile fast\n",
        "jobs: {a: {steps: [{run: maturin develop --profile fast && maturin build --release}]}}\n",
    ],
)
def test_a_profile_of_develop_is_not_for_wheels(workflow: str) -> None:
    fast = '[profile.fast]\ninherits = "release"\nlto = "off"\n'
    texts = {"Cargo.toml": f"{manifest()}\n{fast}\n{FULL}", CI: workflow}
    assert check("PYO122", texts) == []
    lacking = {**texts, "Cargo.toml": f"{manifest()}\n{HEAD}\ndebug = 1\n\n{fast}"}
    assert spots("PYO122", lacking) == [HEAD]


def test_a_profile_that_inherits_from_dev_is_not_for_wheels() -> None:
    chain = f'{DEVELOP}\n[profile.faster]\ninherits = "fast-build"\n'
    workflow = (
        "jobs: {a: {steps: [{run: maturin build --profile faster}, {run: maturin build --profile fast-build}]}}\n"
    )
    assert check("PYO122", {"Cargo.toml": f"{manifest()}\n{FULL}\n{chain}", CI: workflow}) == []


@pytest.mark.parametrize(
    ("profile", "kept"),
    [
        ('[profile.profiling]\ninherits = "release"\ndebug = true\n', True),
        ('[profile.profiling]\ninherits = "release"\ndebug = "line-tables-only"\n', True),
        ("[profile.bench]\ndebug = 1\n", True),
        ('[profile.a]\ninherits = "release"\n\n[profile.profiling]\ninherits = "a"\ndebug = 2\n', True),
        ('[profile.profiling]\ninherits = "release"\ndebug = true\nstrip = false\n', False),
        ('[profile.profiling]\ninherits = "release"\ndebug = true\nstrip = "debuginfo"\n', False),
        ('[profile.profiling]\ninherits = "release"\ndebug = "none"\n', False),
        ('[profile.profiling]\ninherits = "dev"\ndebug = true\n', False),
        ('[profile.profiling]\ninherits = "release"\nopt-level = 2\n', False),
    ],
)
def test_a_profile_that_inherits_keeps_its_symbols(profile: str, kept: bool) -> None:
    before = f"{manifest()}\n{profile}"
    after = fixed("PYO122", {"Cargo.toml": before}, "Cargo.toml")
    assert after == f"{manifest()}\n{profile}{'strip = false' * kept}{chr(10) * kept}\n{FULL}"


def test_strip_is_not_added_where_a_profile_in_another_file_would_lose_its_symbols() -> None:
    config = '[profile.profiling]\ninherits = "release"\ndebug = true\n'
    texts = {"Cargo.toml": manifest(), ".cargo/config.toml": config}
    after = f"{manifest()}\n{FULL}".replace("strip = true\n", "")
    [finding] = check("PYO122", texts)
    assert finding.fix is not None
    assert fix_text("Cargo.toml", manifest(), [finding]).text == after


@pytest.mark.parametrize(
    "other",
    [
        {"b/Cargo.toml": "[package]\nname = 'b'\n"},
        {"a/src/main.rs": ""},
        {"b/Cargo.toml": "[package]\nname = 'b'\n[[bin]]\nname = 'b'\n"},
    ],
)
def test_the_fix_is_unsafe_where_other_products_share_the_profile(other: dict[str, str]) -> None:
    [finding] = check("PYO122", {"Cargo.toml": WORKSPACE, "a/Cargo.toml": manifest(), **other})
    assert finding.fix is not None
    assert finding.fix.safety is Safety.UNSAFE
