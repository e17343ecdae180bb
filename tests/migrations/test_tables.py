"""Edits of TOML by key."""

from __future__ import annotations

from typing import Any

import pytest

from pyo3_kit.codemods.tables import edited

LINE = {"crates": ["pyo3"], "version": {"from": "0.28", "to": "0.29"}}
FEATURES = {"crates": ["pyo3"], "features": {"remove": ["old"], "rename": {"a": "b"}}}
RAISE = {"at": ["package.rust-version"], "at_least": "1.85"}


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ("0.28", "0.29"),
        ("0.28.3", "0.29"),
        ("^0.28", "^0.29"),
        ("~0.28.1", "~0.29"),
        ("=0.28.3", "=0.29.0"),
        ("= 0.28.3", "= 0.29.0"),
        ("=0.28", "=0.29"),
        ("=0.27.1", "=0.27.1"),
        ("0.28.*", "0.29"),
        # Not one line of releases, or another one.
        (">=0.28", ">=0.28"),
        (">=0.27, <0.29", ">=0.27, <0.29"),
        ("0.29.1", "0.29.1"),
        ("0.280", "0.280"),
        ("*", "*"),
    ],
)
def test_requirements(requirement: str, expected: str) -> None:
    text = f'[dependencies]\npyo3 = "{requirement}"\n'
    assert edited(text, [LINE]) == (text.replace(requirement, expected), [])


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ('pyo3 = "=0.28.3"', 'pyo3 = "=0.29.3"'),
        (
            'pyo3-ffi = { version = "= 0.28.0", features = ["a"] }',
            'pyo3-ffi = { version = "= 0.29.3", features = ["a"] }',
        ),
        (
            'a = { package = "pyo3_build_config", version = "=0.28.1" }',
            'a = { package = "pyo3_build_config", version = "=0.29.3" }',
        ),
        ('pyo3-async-runtimes = "=0.28.0"', 'pyo3-async-runtimes = "=0.29.1"'),
        ('numpy = "=0.28.0"', 'numpy = "=0.29.0"'),
        ('pyo3 = "=0.28"', 'pyo3 = "=0.29"'),
    ],
)
def test_what_is_exact_stays_exact(entry: str, expected: str) -> None:
    crates = ["pyo3", "pyo3-ffi", "pyo3-build-config", "pyo3-async-runtimes", "numpy"]
    edit = {"crates": crates, "version": {"from": "0.28", "to": "0.29"}}
    pins = {"0.29": {"pyo3": "0.29.3", "pyo3-async-runtimes": "0.29.1"}}
    assert edited(f"[dependencies]\n{entry}\n", [edit], pins=pins) == (f"[dependencies]\n{expected}\n", [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pyo3.version = '0.28'  # x\n", "pyo3.version = '0.29'  # x\n"),
        ("pyo3 = {path = '../pyo3'}\n", "pyo3 = {path = '../pyo3'}\n"),
        ("pyo3.workspace = true\n", "pyo3.workspace = true\n"),
        ('p = { package = "pyo3", version = "0.28" }\n', 'p = { package = "pyo3", version = "0.29" }\n'),
        ('pyo3 = { package = "other", version = "0.28" }\n', 'pyo3 = { package = "other", version = "0.28" }\n'),
    ],
)
def test_entries(text: str, expected: str) -> None:
    assert edited(f"[dependencies]\n{text}", [LINE])[0] == f"[dependencies]\n{expected}"


@pytest.mark.parametrize(
    "table",
    [
        "dependencies",
        "dev-dependencies",
        "build-dependencies",
        "workspace.dependencies",
        "target.'cfg(windows)'.dependencies",
        'target."x86_64-pc-windows-msvc".build-dependencies',
    ],
)
def test_every_table_of_dependencies(table: str) -> None:
    assert edited(f'[{table}]\npyo3 = "0.28"\n', [LINE])[0] == f'[{table}]\npyo3 = "0.29"\n'


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ('features = ["a", "old", "c"]', 'features = ["b", "c"]'),
        ("features = ['a']", "features = ['b']"),
        ('features = ["a", "b"]', 'features = ["b"]'),
        ('features = ["c"]', 'features = ["c"]'),
        ('features = ["old"]', None),
        ('features = "old"', 'features = "old"'),
    ],
)
def test_features(features: str, expected: str | None) -> None:
    kept = f", {expected}" if expected else ""
    assert edited(f"[dependencies]\npyo3 = {{ version = '1', {features} }}\n", [FEATURES])[0] == (
        f"[dependencies]\npyo3 = {{ version = '1'{kept} }}\n"
    )
    line = f"{expected}\n" if expected else ""
    assert edited(f"[dependencies.pyo3]\nversion = '1'\n{features}\noptional = true\n", [FEATURES])[0] == (
        f"[dependencies.pyo3]\nversion = '1'\n{line}optional = true\n"
    )


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.83", "1.85"), ("1.85", "1.85"), ("1.85.0", "1.85.0"), ("1.9", "1.85"), ("1.90", "1.90"), ("beta", "beta")],
)
def test_the_least_version(version: str, expected: str) -> None:
    text = f'[package]\nrust-version = "{version}"\n'
    assert edited(text, [RAISE])[0] == text.replace(version, expected)


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        (">=3.7", ">=3.8"),
        (">= 3.7,<4", ">= 3.8,<4"),
        ("~=3.7", None),
        (">=3.10", ">=3.10"),
        ("", None),
        ("<4", ">=3.8,<4"),
    ],
)
def test_the_lower_bound_of_a_requirement(bound: str, expected: str | None) -> None:
    text = f'[project]\nrequires-python = "{bound}"\n'
    edit = {"at": ["project.requires-python"], "requires_at_least": "3.8"}
    after, notes = edited(text, [edit])
    assert after == text.replace(f'"{bound}"', f'"{bound if expected is None else expected}"')
    assert [line for line, _ in notes] == ([2] if expected is None else [])


def test_a_note_instead_of_a_change() -> None:
    text = '[package]\nname = "x"\n\n[dependencies]\nrayon = "1"\npythonize = "0.29"\n'
    edit = {"crates": ["pythonize"], "version": {"from": "0.29", "note": "none"}}
    assert edited(text, [edit]) == (text, [(6, "none")])


@pytest.mark.parametrize(
    "text", ["", "no toml\n", "[dependencies]\npyo3 = '0.28'\npyo3 = '0.28'\n", "dependencies = 1\n"]
)
def test_what_cannot_be_edited_comes_back(text: str) -> None:
    edits: list[Any] = [LINE, FEATURES, RAISE]
    assert edited(text, edits) == (text, [])


def test_what_needs_no_edit_keeps_every_byte() -> None:
    text = '# é\r\n[ dependencies ]\n\tpyo3={version="0.29" ,features = [ "x",]} # y\n\n\n'
    assert edited(text, [LINE, FEATURES, RAISE]) == (text, [])


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ("maturin>=1.4,<2", "maturin>=1.9.4,<2"),
        ("maturin >= 1.4", "maturin >= 1.9.4"),
        ("maturin>=1.10", "maturin>=1.10"),
        ("maturin>1.10", "maturin>1.10"),
        ("maturin~=1.10", "maturin~=1.10"),
        ("maturin==1.10.*", "maturin==1.10.*"),
        ("maturin-other>=1.0", "maturin-other>=1.0"),
        ("maturin", "maturin>=1.9.4"),
        ("maturin[zig]", "maturin[zig]>=1.9.4"),
        ("maturin<2", "maturin>=1.9.4,<2"),
        ("maturin!=1.9.5", "maturin>=1.9.4,!=1.9.5"),
        ("maturin>=1,<2; python_version>='3.8'", "maturin>=1.9.4,<2; python_version>='3.8'"),
        ("maturin; python_version>='3.8'", "maturin>=1.9.4; python_version>='3.8'"),
        # Where another bound is in the way, or none can be raised, a person has to say what is meant.
        ("maturin>=0.12,<0.13", None),
        ("maturin>=1.0,<1.9.4", None),
        ("maturin>=1.0,<=1.9", None),
        ("maturin==1.4.0", None),
        ("maturin==1.4.*", None),
        ("maturin~=1.4", None),
        ("maturin>1.0", None),
        ("maturin>=1.0b1", None),
        ("maturin (>=1.0)", None),
        ("maturin @ https://example.org/maturin.whl", None),
    ],
)
def test_the_lower_bound_of_a_package_in_a_list(requirement: str, expected: str | None) -> None:
    edit = {"at": ["build-system.requires"], "items": {"requires_at_least": {"maturin": "1.9.4"}}}
    text = f'[build-system]\nrequires = ["{requirement}"] # x\n'
    after, notes = edited(text, [edit])
    assert after == text.replace(f'"{requirement}"', f'"{requirement if expected is None else expected}"')
    assert [(line, requirement in note) for line, note in notes] == ([(2, True)] if expected is None else [])


def test_a_note_for_any_line() -> None:
    edit = {"crates": ["pyo3-polars"], "version": {"from": "*", "note": "look"}}
    assert edited('[dependencies]\npyo3-polars = "0.17.2"\n', [edit])[1] == [(2, "look")]


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ('numpy = { git = "https://example.org/numpy" }', True),
        ('numpy = { git = "https://example.org/numpy", version = "0.28" }', True),
        ('n = { package = "numpy", git = "https://example.org/numpy" }', True),
        ('numpy = { path = "../numpy" }', False),
        ("numpy = { workspace = true }", False),
        # What is told of by whoever moves the project.
        ('pyo3 = { git = "https://example.org/pyo3" }', False),
    ],
)
def test_what_comes_from_git_is_named(entry: str, named: bool) -> None:
    text = f'[package]\nkeywords = ["numpy", "pyo3"]\n\n[dependencies]\n{entry}\n'
    edit = {"crates": ["pyo3", "numpy"], "version": {"from": "0.28", "to": "0.29"}}
    after, notes = edited(text, [edit])
    assert after == text
    assert [(line, "`numpy` comes from Git" in note) for line, note in notes] == ([(5, True)] if named else [])


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ('[patch.crates-io]\npyo3 = { git = "https://example.org/pyo3" }', ["pyo3"]),
        ('[patch."https://example.org/pyo3"]\np = { package = "pyo3", path = "../pyo3" }', ["p"]),
        ('[patch.crates-io]\nserde = { git = "https://example.org/serde" }', []),
    ],
)
def test_what_is_patched_is_named(table: str, named: list[str]) -> None:
    text = f'[dependencies]\npyo3 = "0.28"\n\n{table}\n'
    after, notes = edited(text, [LINE, FEATURES])
    assert after == text.replace('"0.28"', '"0.29"')
    assert [note.split("`")[1] for _, note in notes] == named


def test_a_crate_by_either_spelling() -> None:
    edit = {"crates": ["pyo3-file", "a-b_c"], "version": {"from": "1", "to": "2"}}
    assert edited('[dependencies]\npyo3_file = "1"\na_b-c = "1"\n', [edit]) == (
        '[dependencies]\npyo3_file = "2"\na_b-c = "2"\n',
        [],
    )


def test_a_table_that_loses_its_only_entry() -> None:
    assert edited('[dependencies]\npyo3 = { features = ["old"] } # x\n', [FEATURES])[0] == (
        "[dependencies]\npyo3 = {} # x\n"
    )
