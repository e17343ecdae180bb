from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    "comments",
    [
        '# lto = "thin"\n# codegen-units = 4\n#strip = true\n',
        "## lto = true # slow\n#codegen-units=1\n# strip = 'none'\n",
    ],
)
def test_a_key_that_is_commented_out_was_decided_against(comments: str) -> None:
    assert check("PYO122", {"Cargo.toml": f"{manifest()}\n{HEAD}\n{comments}opt-level = 3\n"}) == []
    assert check("PYO122", {"Cargo.toml": f"{manifest()}\n[profile.dev]\n{comments}\n{HEAD}\nopt-level = 3\n"})
    assert check("PYO122", {"Cargo.toml": f"{manifest()}\n{HEAD}\nopt-level = 3\n\n[profile.dev]\n{comments}"})


PUBLISHED = f"{HEAD}\nlto = 'thin'\n\n[profile.release-dist]\ninherits = 'release'\nstrip = true\n"


@pytest.mark.parametrize(
    ("more", "files", "found"),
    [
        ("codegen-units = 1\n", {}, []),
        ("codegen-units = 1\ndebug = false\n", {}, []),
        ("codegen-units = 1\n", {".github/workflows/a.yml": "run: maturin build --profile release-dist"}, []),
        # A key is missing there or is cargo's default, it is for profiling, or `release` is asked for.
        ("", {}, [HEAD]),
        ("codegen-units = 16\n", {}, [HEAD]),
        ("codegen-units = 1\ndebug = true\n", {}, [HEAD]),
        ("codegen-units = 1\n", {".github/workflows/a.yml": "run: maturin build --release"}, [HEAD]),
        ("codegen-units = 1\n", {"pyproject.toml": "[tool.maturin]\nprofile = 'release'\n"}, [HEAD]),
    ],
)
def test_wheels_may_have_a_profile_of_their_own(more: str, files: dict[str, str], found: list[str]) -> None:
    assert spots("PYO122", {"Cargo.toml": f"{manifest()}\n{PUBLISHED}{more}", **files}) == found


def test_the_profile_of_cargo_dist_is_for_programs() -> None:
    text = f"{manifest()}\n{PUBLISHED}codegen-units = 1\n".replace("release-dist", "dist")
    assert spots("PYO122", {"Cargo.toml": text}) == [HEAD]


HALF = 'lto = "fat"\ncodegen-units = 1\n'
PROFILING = '[profile.profiling]\ninherits = "release"\n'


@pytest.mark.parametrize(
    "inheriting",
    [
        f"{PROFILING}debug = true\n",
        f'{PROFILING}debug = "line-tables-only"\n',
        f'{PROFILING}debug = 1\n\n[profile.other]\ninherits = "release"\nstrip = true\n',
        f'[profile.middle]\ninherits = "release"\n\n{PROFILING.replace("release", "middle")}debug = 2\n',
        f'{PROFILING}split-debuginfo = "packed"\n',
        "[profile.bench]\ndebug = true\n",
    ],
)
def test_symbols_that_another_profile_inherits_are_not_stripped(inheriting: str) -> None:
    text = f"{manifest()}\n{HEAD}\n{HALF}\n{inheriting}"
    assert check("PYO122", {"Cargo.toml": text}) == []
    after = fixed("PYO122", {"Cargo.toml": text.replace(HALF, "")}, "Cargo.toml")
    assert HALF in after
    assert after.count("strip") == text.count("strip")


@pytest.mark.parametrize(
    "inheriting",
    [
        f"{PROFILING}debug = true\nstrip = false\n",
        f"{PROFILING}debug = 0\n",
        f'{PROFILING}debug = "none"\n',
        PROFILING,
        "[profile.bench]\ndebug = false\n",
        '[profile.fast]\ninherits = "dev"\ndebug = true\n',
    ],
)
def test_symbols_that_no_profile_inherits_are_stripped(inheriting: str) -> None:
    text = f"{manifest()}\n{HEAD}\n{HALF}\n{inheriting}"
    assert [one.message.endswith("does not set `strip`") for one in check("PYO122", {"Cargo.toml": text})] == [True]


@pytest.mark.parametrize(
    ("command", "profile"),
    [
        ("maturin develop --profile quick", "release"),
        ("maturin dev --profile=quick", "release"),
        ("uvx maturin develop --uv --profile quick", "release"),
        ("maturin develop \\\n            --profile quick", "release"),
        ("maturin build --profile quick", "quick"),
        ("maturin build \\\n            --profile quick", "quick"),
        ("maturin develop && maturin build --profile quick", "quick"),
        ("maturin develop --profile quick && maturin build --release", "release"),
        ("maturin build --profile slow", "release"),
    ],
)
def test_a_profile_for_development_is_not_one_for_wheels(command: str, profile: str) -> None:
    workflow = f"jobs:\n  a:\n    steps:\n      - run: |\n            {command}\n"
    texts = {
        "Cargo.toml": f'{manifest()}\n[profile.quick]\ninherits = "release"\n\n[profile.slow]\ninherits = "dev"\n',
        ".github/workflows/a.yml": workflow,
    }
    assert [one.message.split("`")[1] for one in check("PYO122", texts)] == [profile]


def test_the_action_runs_develop_too() -> None:
    step = "jobs:\n  a:\n    steps:\n      - uses: PyO3/maturin-action@v1\n        with:\n"
    texts = {
        "Cargo.toml": f'{manifest()}\n{FULL}\n[profile.quick]\ninherits = "release"\nlto = "off"\n',
        ".github/workflows/a.yml": f"{step}          command: develop\n          args: --profile quick\n",
    }
    assert check("PYO122", texts) == []


@pytest.mark.parametrize(
    ("files", "safety"),
    [
        ({"b/Cargo.toml": "[package]\nname = 'cli'\n", "b/src/main.rs": ""}, Safety.UNSAFE),
        ({"b/Cargo.toml": "[package]\nname = 'c'\n[lib]\ncrate-type = ['staticlib']\n"}, Safety.UNSAFE),
        ({"b/Cargo.toml": "[package]\nname = 'kernel'\n", "b/src/lib.rs": ""}, Safety.SAFE),
        ({"b/Cargo.toml": manifest()}, Safety.SAFE),
    ],
)
def test_the_fix_is_unsafe_beside_other_products(files: dict[str, str], safety: Safety) -> None:
    texts = {"Cargo.toml": WORKSPACE, "a/Cargo.toml": manifest(), **files}
    assert [one.fix and one.fix.safety for one in check("PYO122", texts)] == [safety]


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
