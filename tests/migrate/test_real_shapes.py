"""Shapes of public repositories: what `migrate` changes there, leaves, and reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.migrate.support import commit, files, make
from tests.support.command import run_kit

MANIFEST = '[package]\nname = "x"\nversion = "1.0.0"\n\n[dependencies]\npyo3 = "0.22"\n'
PYPROJECT = """\
[build-system]
requires = ["maturin>=1.5,<2.0"]

[project]
name = "x"
requires-python = ">=3.7"

[tool.maturin]
features = ["pyo3/extension-module"]
"""
SETUP = 'from setuptools import setup\n\nsetup(name="x", python_requires=">=3.7")\n'


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("python/tests/example/pyproject.toml", PYPROJECT),
        ("tests/data/setup.py", SETUP),
        ("tests/data/setup.cfg", "[options]\npython_requires = >=3.7\n"),
        ("docs/pyproject.toml", PYPROJECT.replace("maturin", "hatchling")),
        ("tools/rust-toolchain.toml", '[toolchain]\nchannel = "1.70"\n'),
        # A manifest that nothing is built from.
        ("tests/data/crate/Cargo.toml", MANIFEST.replace("0.22", "0.14")),
        ("tests/data/Cargo.toml", '[workspace.dependencies]\npyo3 = "0.22"\n'),
    ],
)
def test_settings_of_no_crate_are_left(path: str, text: str, tmp_path: Path) -> None:
    root = make(tmp_path, {"Cargo.toml": MANIFEST, "pyproject.toml": PYPROJECT, path: text})
    result = run_kit("migrate", "--to", "0.30", "--json", folder=root)
    assert result.code == 0, result.out + result.err
    assert result.object["from"] == "0.22"
    assert files(root)[path].decode() == text
    assert path not in result.out
    assert {"Cargo.toml", "pyproject.toml"} <= set(result.object["files"])


@pytest.mark.parametrize(
    ("path", "text", "changed"),
    [
        ("crate/pyproject.toml", PYPROJECT, True),
        ("python/pyproject.toml", PYPROJECT + 'manifest-path = "../crate/Cargo.toml"\n', True),
        ("python/pyproject.toml", PYPROJECT + 'manifest-path = "../other/Cargo.toml"\n', False),
        ("python/setup.py", SETUP + 'RustExtension("x", path="../crate/Cargo.toml")\n', True),
        ("crate/rust-toolchain.toml", '[toolchain]\nchannel = "1.70"\n', True),
    ],
)
def test_settings_of_a_crate_elsewhere(path: str, text: str, changed: bool, tmp_path: Path) -> None:
    workspace = '[workspace]\nmembers = ["crate"]\n'
    root = make(tmp_path, {"Cargo.toml": workspace, "crate/Cargo.toml": MANIFEST, path: text})
    result = run_kit("migrate", "--to", "0.30", "--json", folder=root)
    named = {*result.object["files"], *(place["path"] for place in result.object["review"])}
    assert (path in named) == changed


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("#[pyfunction]\nfn f() -> Vec<u8> { vec![] }\n", [4]),
        ('#[pyfunction]\n#[pyo3(name = "g")]\nfn f() -> PyResult<Option<Vec<u8>>> { Ok(None) }\n', [5]),
        ("#[pymethods]\nimpl A {\n    #[getter]\n    fn raw(&self) -> [u8; 32] { self.0 }\n}\n", [6]),
        ("type Raw = Vec<u8>;\n#[pyfunction]\nfn f() -> PyResult<Raw> { g() }\n", [5]),
        ("#[pyclass]\nstruct A {\n    #[pyo3(get, set)]\n    raw: Vec<u8>,\n    other: Vec<u8>,\n}\n", [6]),
        ("#[pyclass(frozen, get_all)]\nstruct A {\n    raw: (Vec<u8>, u8),\n}\n", [5]),
        ("#[pymethods]\nimpl A {\n    #[classattr]\n    const MAGIC: [u8; 2] = [1, 2];\n}\n", [6]),
        ('#[cfg_attr(feature = "a", pyfunction)]\nfn f() -> Vec<u8> { vec![] }\n', [4]),
        # What Python never got as a list of ints, or never got.
        ("#[pyfunction]\nfn f(a: Vec<u8>) -> Vec<u16> { vec![] }\n", []),
        ("#[pyfunction]\nfn f(a: &[u8]) -> Cow<'_, [u8]> { a.into() }\n", []),
        ("fn f() -> Vec<u8> { vec![] }\n", []),
        ("impl A {\n    fn f(&self) -> Vec<u8> { vec![] }\n}\n", []),
    ],
)
def test_what_becomes_bytes_is_reported(code: str, lines: list[int], tmp_path: Path) -> None:
    source = f"use pyo3::prelude::*;\n\n{code}"
    root = make(tmp_path, {"Cargo.toml": MANIFEST, "src/lib.rs": source})
    result = run_kit("migrate", "--to", "0.30", "--json", folder=root)
    assert result.code == bool(lines), result.err
    assert [place["line"] for place in result.object["review"]] == lines
    assert all("bytes" in place["note"] for place in result.object["review"])
    # From 0.23 on they were bytes all along.
    commit(root)
    assert run_kit("migrate", "--to", "0.30", "--from", "0.23", folder=root).code == 0


@pytest.mark.parametrize(
    "before",
    [
        # A later migration imports a trait.
        "#[pyfunction]\nfn g(py: Python<'_>, n: i64) -> PyResult<PyObject> {\n    Ok(n.into_py(py))\n}\n",
        # Nothing moves.
        "",
    ],
)
def test_a_place_has_the_line_of_the_migrated_file(before: str, tmp_path: Path) -> None:
    source = f"use pyo3::prelude::*;\n\n{before}#[pyfunction]\nfn f() -> Vec<u8> {{ vec![] }}\n"
    root = make(tmp_path, {"Cargo.toml": MANIFEST, "src/lib.rs": source})
    result = run_kit("migrate", "--to", "0.30", "--json", folder=root)
    text = (root / "src" / "lib.rs").read_text(encoding="utf-8")
    assert ("into_py_any" in text) == bool(before)
    assert [text.splitlines()[place["line"] - 1] for place in result.object["review"]] == [
        "fn f() -> Vec<u8> { vec![] }"
    ]


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        ('numpy = { git = "https://example.org/numpy" }', "`numpy` comes from Git"),
        ('pyo3-ffi = { git = "https://example.org/pyo3", rev = "1" }', "`pyo3-ffi` comes from Git"),
        ('pythonize = { git = "https://example.org/p", version = "0.22" }', "`pythonize` comes from Git"),
    ],
)
def test_what_comes_from_git_is_reported_by_name(entry: str, note: str, tmp_path: Path) -> None:
    root = make(tmp_path, {"Cargo.toml": f"{MANIFEST}{entry}\n"})
    result = run_kit("migrate", "--to", "0.30", folder=root)
    assert result.code == 1
    assert f"Cargo.toml:7: {note}" in result.err
    assert entry in files(root)["Cargo.toml"].decode()


def test_pyo3_from_git_is_reported_by_name(tmp_path: Path) -> None:
    manifest = MANIFEST.replace('"0.22"', '{ git = "https://example.org/pyo3", tag = "v0.22.6" }')
    root = make(tmp_path, {"Cargo.toml": manifest})
    result = run_kit("migrate", "--to", "0.30", "--from", "0.22", folder=root)
    assert result.code == 1
    assert "Cargo.toml:6: `pyo3` comes from Git; use a revision of PyO3 0.30" in result.err


@pytest.mark.parametrize(("pin", "to", "expected"), [("=0.22.6", "0.30", "=0.30.1"), ("= 0.25.0", "0.28", "= 0.28.3")])
def test_an_exact_pin_stays_exact(pin: str, to: str, expected: str, tmp_path: Path) -> None:
    root = make(tmp_path, {"Cargo.toml": MANIFEST.replace("0.22", pin)})
    assert run_kit("migrate", "--to", to, folder=root).code == 0
    assert f'pyo3 = "{expected}"' in files(root)["Cargo.toml"].decode()
