"""The signature that PyO3 made of parameters."""

from __future__ import annotations

import pytest

from pyo3_kit.codemods.signatures import signature
from pyo3_kit.rust.tree import parse


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
        ("kind: &Bound<'_, PyType>, x: Option<u8>", "(kind, x=None)"),
        ('#[pyo3(from_py_with = "f")] x: u8, y: Option<u8>', "(x, y=None)"),
        ("/* one */ x: u8, // two\n y: Option<u8>,", "(x, y=None)"),
    ],
)
def test_signature(parameters: str, expected: str) -> None:
    assert made(f"fn f({parameters}) {{}}") == expected


@pytest.mark.parametrize(
    ("attribute", "parameters", "expected"),
    [
        ("", "&self, x: Option<u8>", "(x=None)"),
        ("", "&mut self, _x: u8", "(_x)"),
        ("", "slf: PyRef<'_, Self>, x: Option<u8>", "(x=None)"),
        ("", "slf: &Bound<'_, Self>, x: Option<u8>", "(x=None)"),
        ("", "&self, other: Py<Self>, x: Option<u8>", "(other, x=None)"),
        ("#[new]", "kinds: Vec<Py<PyType>>, x: Option<u8>", "(kinds, x=None)"),
        ("#[classmethod]", "cls: &Bound<'_, PyType>, kind: Py<PyType>", "(kind)"),
        ("#[staticmethod]", "kind: Py<Self>, x: Option<u8>", "(kind, x=None)"),
    ],
)
def test_signature_of_a_method(attribute: str, parameters: str, expected: str) -> None:
    assert made(f"impl A {{ {attribute} fn f({parameters}) {{}} }}") == expected


def made(source: str) -> str:
    found = parse(source, "rust").find(kind="parameters")
    assert found is not None
    return signature(found)
