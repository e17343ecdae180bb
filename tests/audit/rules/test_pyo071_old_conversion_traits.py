from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\n"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("impl IntoPy<PyObject> for A { fn into_py(self, py: Python<'_>) -> PyObject { x } }", "IntoPy<PyObject>"),
        ("impl ToPyObject for A { fn to_object(&self, py: Python<'_>) -> PyObject { x } }", "ToPyObject"),
        ("impl pyo3::ToPyObject for A<'_> {}", "pyo3::ToPyObject"),
        ("impl pyo3::IntoPy<pyo3::Py<PyAny>> for &A {}", "pyo3::IntoPy<pyo3::Py<PyAny>>"),
        ("impl<T: ToPyObject> ToPyObject for A<T> {}\nimpl<'py> IntoPyObject<'py> for B {}", "ToPyObject"),
    ],
)
@pytest.mark.parametrize("version", ["0.23", "0.24.2"])
def test_old_traits_are_found(source: str, found: str, version: str) -> None:
    assert spots("PYO071", HEAD + source, pyo3=version) == [found]
    assert check("PYO071", HEAD + source, pyo3="0.22") == []


@pytest.mark.parametrize(
    "source",
    [
        "impl<'py> IntoPyObject<'py> for A {}",
        "impl A { fn into_py(self) {} }",
        "impl IntoPy<PyObject> for A {}\nimpl<'py> IntoPyObject<'py> for A {}",
        "impl ToPyObject for A {}\nimpl<'py> IntoPyObject<'py> for &A {}",
        '#[cfg(feature = "old")]\nimpl ToPyObject for A {}',
        "use crate::convert::IntoPy;\nimpl IntoPy<PyObject> for A {}",
        "impl crate::ToPyObject for A {}",
        "impl IntoPy<PyLineError> for LineError {}",
        "impl other::ToPyObject for A {}",
        "fn f<T: ToPyObject>(x: T) {}",
        "#[cfg(test)] mod tests { impl ToPyObject for A {} }",
    ],
)
def test_nothing_is_said_about_the_new_trait_and_others(source: str) -> None:
    assert check("PYO071", HEAD + source, pyo3="0.24") == []


def test_nothing_is_said_where_the_compiler_does() -> None:
    assert check("PYO071", HEAD + "impl ToPyObject for A {}", pyo3="0.25") == []
