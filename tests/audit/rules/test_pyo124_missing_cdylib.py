from __future__ import annotations

import pytest

from tests.audit.support import PYPROJECT, check, fixed, manifest, spots

CARGO = "Cargo.toml"
LIB = "src/lib.rs"
BARE = manifest().replace('[lib]\ncrate-type = ["cdylib"]\n', "")


def lib(types: str) -> str:
    return manifest().replace('crate-type = ["cdylib"]\n', types)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ({CARGO: lib('name = "x"\n')}, "[lib]"),
        ({CARGO: lib('crate-type = ["dylib"]\n')}, 'crate-type = ["dylib"]'),
        ({CARGO: lib('crate-type = ["rlib", "staticlib"]\n')}, 'crate-type = ["rlib", "staticlib"]'),
        ({CARGO: BARE, LIB: ""}, "[package]"),
        ({CARGO: BARE.replace("edition", "autobins = false\nedition"), LIB: "", "src/main.rs": ""}, "[package]"),
        ({CARGO: BARE, LIB: "", "src/bin/data/mod.rs": "", "bin/a/src/main.rs": ""}, "[package]"),
        (
            {
                CARGO: '[workspace]\nmembers = ["py"]\n',
                "py/Cargo.toml": lib('crate-type = ["lib"]\n'),
                "pyproject.toml": PYPROJECT + '[tool.maturin]\nmanifest-path = "py/Cargo.toml"\n',
            },
            'crate-type = ["lib"]',
        ),
        (
            {CARGO: lib('crate-type = ["lib"]\n'), "pyproject.toml": PYPROJECT + "[tool.maturin]\nbindings = 'pyo3'\n"},
            None,
        ),
    ],
)
def test_a_module_that_python_cannot_load_is_found(texts: dict[str, str], found: str | None) -> None:
    assert spots("PYO124", texts) == [found or 'crate-type = ["lib"]']


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {CARGO: lib('crate-type = ["cdylib", "rlib"]\n')},
        {CARGO: lib('crate_type = ["cdylib"]\n')},
        {CARGO: lib('crate-type = ["lib"]\n'), "pyproject.toml": "[tool.ruff]\n"},
        {CARGO: lib('crate-type = ["lib"]\n'), "pyproject.toml": PYPROJECT + "[tool.maturin]\nbindings = 'bin'\n"},
        {CARGO: lib("") + '[[bin]]\nname = "x"\npath = "src/x.rs"\n'},
        {CARGO: BARE, "src/main.rs": ""},
        {CARGO: BARE, LIB: "", "src/main.rs": ""},
        {CARGO: BARE, LIB: "", "src/bin/tool.rs": ""},
        {CARGO: lib('name = "x"\n'), LIB: "", "src/bin/tool/main.rs": ""},
        {CARGO: BARE, "src/module.rs": ""},
        {CARGO: BARE.replace("edition", "autolib = false\nedition"), LIB: ""},
        {CARGO: manifest(), "core/Cargo.toml": lib('crate-type = ["lib"]\n')},
        {
            CARGO: lib('crate-type = ["lib"]\n'),
            "py/Cargo.toml": manifest(),
            "pyproject.toml": PYPROJECT + '[tool.maturin]\nmanifest-path = "py/Cargo.toml"\n',
        },
        {CARGO: "[package]\nname = 'x'\n[lib]\nname = 'x'\n"},
    ],
)
def test_nothing_is_said_of_modules_and_of_other_crates(texts: dict[str, str]) -> None:
    assert check("PYO124", texts) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (lib('name = "é" # ours\n'), lib('name = "é" # ours\ncrate-type = ["cdylib", "rlib"]\n')),
        (lib('crate-type = ["rlib"] # ours\n'), lib('crate-type = ["rlib", "cdylib"] # ours\n')),
        (lib('crate-type = "cdylib" # ours\n'), lib('crate-type = ["cdylib"] # ours\n')),
        (lib('crate-type = "rlib"\n'), lib('crate-type = ["rlib", "cdylib"]\n')),
    ],
)
def test_the_fix_adds_it(before: str, after: str) -> None:
    assert fixed("PYO124", {CARGO: before}, CARGO) == after


def test_the_fix_adds_the_table() -> None:
    assert fixed("PYO124", {CARGO: BARE, LIB: ""}, CARGO) == BARE + '\n[lib]\ncrate-type = ["cdylib", "rlib"]\n'
