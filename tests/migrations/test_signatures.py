"""The signature that PyO3 made of parameters."""

from __future__ import annotations

import pytest

from pyo3_kit.migrations import syntax
from pyo3_kit.migrations.signatures import signature


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", "()"),
        ("x: u8", "(x)"),
        ("x: u8, y: Option<u8>", "(x, y=None)"),
        ("x: Option<u8>, y: Option<HashMap<String, Vec<u8>>>", "(x=None, y=None)"),
        ("x: Option<u8>, y: u8, z: std::option::Option<u8>", "(x, y, z=None)"),
        ("py: Python<'_>, mut x: Option<u8>", "(x=None)"),
        ("x: Option<u8>, py: pyo3::Python<'_>", "(x=None)"),
        ("&self, x: Option<u8>", "(x=None)"),
        ("&mut self, _x: u8", "(_x)"),
        ("slf: PyRef<'_, Self>, x: Option<u8>", "(x=None)"),
        ("slf: &Bound<'_, Self>, x: Option<u8>", "(x=None)"),
        ("cls: &Bound<'_, PyType>, x: Option<u8>", "(x=None)"),
        ('#[pyo3(from_py_with = "f")] x: u8, y: Option<u8>', "(x, y=None)"),
        ("/* one */ x: u8, // two\n y: Option<u8>,", "(x, y=None)"),
    ],
)
def test_signature(parameters: str, expected: str) -> None:
    found = syntax.parse(f"fn f({parameters}) {{}}", "rust").find(kind="parameters")
    assert found is not None
    assert signature(found) == expected
