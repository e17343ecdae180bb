"""Comments that silence findings, and what is said of those that silence nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.disk import lay_out, report

LIB = "src/lib.rs"
CALL = "fn f(value: &Bound<'_, PyAny>) {\n    let n = value.extract::<u8>().is_ok();\n}\n"
MANIFEST = '[package]\nname = "sample"\n\n[dependencies]\n'


@pytest.mark.parametrize(
    "source",
    [
        "#[pyclass]\nstruct A; // pyo3-kit: ignore[PYO081] held by another crate\n",
        "// pyo3-kit: ignore[PYO081] held by another crate\n#[pyclass]\nstruct A;\n",
        '// pyo3-kit: ignore[PYO081]\n\n// why\n#[derive(Clone)]\n#[pyclass(\n    name = "B",\n)]\npub struct A;\n',
        "#[pyclass]\n// pyo3-kit: ignore[PYO081, PYO021] why\nstruct A;\n"
        + CALL.replace("();\n", "(); //pyo3-kit:ignore[PYO021]\n"),
        "// pyo3-kit: ignore-file[PYO081] why\n\nuse a;\n\n#[pyclass]\nstruct A;\n#[pyclass]\nstruct B;\n",
        "//! pyo3-kit: ignore-file[PYO081]\n#[pyclass]\nstruct A;\n",
        f"//! Slow on purpose.\n// pyo3-kit: ignore-file[ALL] to measure\n#[pyclass]\nstruct A;\n{CALL}",
    ],
)
def test_a_comment_silences(tmp_path: Path, source: str) -> None:
    found = report(lay_out(tmp_path, {LIB: source}))
    assert found.findings == []
    assert found.suppressed >= 1


@pytest.mark.parametrize(
    ("source", "notice"),
    [
        ("struct A; // pyo3-kit: ignore[PYO081]\n", "silences nothing"),
        ("#[pyclass]\nstruct A;\n// pyo3-kit: ignore[PYO081]\nfn f() {}\n", "silences nothing"),
        ("// pyo3-kit: ignore[PYO081]\nfn f() {}\n#[pyclass]\nstruct A;\n", "silences nothing"),
        ("// pyo3-kit: ignore-file[PYO021]\n", "silences nothing"),
        ("#[pyclass] // pyo3-kit: ignore\nstruct A;\n", "names no rule"),
        ("#[pyclass] // pyo3-kit: ignore[]\nstruct A;\n", "names no rule"),
        ("#[pyclass] // pyo3-kit: ignore[PYO08]\nstruct A;\n", "no such rule"),
        ("#[pyclass] // pyo3-kit: ignore[ALL]\nstruct A;\n", "no such rule"),
        ("#[pyclass] // pyo3-kit: ignore[E501]\nstruct A;\n", "no such rule"),
    ],
)
def test_a_comment_that_silences_nothing_is_told(tmp_path: Path, source: str, notice: str) -> None:
    found = report(lay_out(tmp_path, {LIB: source}))
    assert [one.rule for one in found.findings] == (["PYO081"] if "pyclass" in source else [])
    assert [notice in one.text and one.path == LIB and bool(one.line) for one in found.notices] == [True]


def test_a_comment_for_a_rule_that_did_not_run_is_not_told(tmp_path: Path) -> None:
    found = report(lay_out(tmp_path, {LIB: "// pyo3-kit: ignore[PYO021]\nfn f() {}\n"}), select=("PYO081",))
    assert found.notices == []


@pytest.mark.parametrize(
    "lines",
    [
        'pyo3 = { version = "0.28", features = ["extension-module"] } # pyo3-kit: ignore[PYO121] our own builder\n',
        '# pyo3-kit: ignore[PYO121] our own builder\npyo3 = { version = "0.28", features = ["extension-module"] }\n',
    ],
)
def test_in_toml_the_comment_stands_after_a_hash(tmp_path: Path, lines: str) -> None:
    assert report(lay_out(tmp_path, {"Cargo.toml": MANIFEST + lines})).findings == []


def test_a_string_is_no_comment_of_its_own_kind(tmp_path: Path) -> None:
    source = '#[pyclass(name = "x # pyo3-kit: ignore[PYO081]")]\nstruct A;\n'
    assert len(report(lay_out(tmp_path, {LIB: source})).findings) == 1
