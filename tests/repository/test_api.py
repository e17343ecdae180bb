"""The Python API: its example runs, and its page lists all of it (see `tests/unit/test_typed.py` for the types)."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import pyo3_kit
from tests.migrate.support import make
from tests.support.command import ROOT

PAGE = ROOT / "docs" / "reference" / "api.md"
OLD_LIB = """\
use pyo3::prelude::*;

#[pyfunction]
fn is_number(value: &Bound<'_, PyAny>) -> bool {
    value.extract::<u8>().is_ok()
}

#[pymodule]
fn old_lib(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(is_number, m)?)
}
"""
CARGO = """\
[package]
name = "old-lib"
version = "0.1.0"
edition = "2021"

[lib]
name = "old_lib"
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.26"
"""
PYPROJECT = """\
[build-system]
requires = ["maturin>=1,<2"]
build-backend = "maturin"

[project]
name = "old-lib"
version = "0.1.0"
requires-python = ">=3.10"
"""


@pytest.mark.slow
def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "old-lib", {"Cargo.toml": CARGO, "pyproject.toml": PYPROJECT, "src/lib.rs": OLD_LIB})
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    example = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, str(PAGE), 0)
    assert len(example.examples) > 10
    printed: list[str] = []
    failed, _ = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example, out=printed.append)
    assert not failed, "".join(printed)


def test_every_public_name_can_be_imported() -> None:
    assert sorted(pyo3_kit.__all__) == pyo3_kit.__all__
    for name in pyo3_kit.__all__:
        assert getattr(pyo3_kit, name).__doc__
