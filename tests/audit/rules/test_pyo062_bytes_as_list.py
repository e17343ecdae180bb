from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\n"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("#[pyfunction] fn f() -> Vec<u8> { g() }", "Vec<u8>"),
        ("#[pyfunction] fn f() -> PyResult<Vec<u8>> { g() }", "Vec<u8>"),
        ("#[pyfunction] fn f() -> Result<Option<Vec<u8>>, Error> { g() }", "Vec<u8>"),
        ("#[pymethods] impl A { #[getter] fn data(&self) -> Vec<u8> { self.data.clone() } }", "Vec<u8>"),
    ],
)
@pytest.mark.parametrize("version", ["0.20", "0.22.6"])
def test_bytes_that_become_a_list_are_found(source: str, found: str, version: str) -> None:
    assert spots("PYO062", HEAD + source, pyo3=version) == [found]
    assert check("PYO062", HEAD + source, pyo3="0.23") == []


@pytest.mark.parametrize(
    "source",
    [
        "#[pyfunction] fn f<'py>(py: Python<'py>) -> Bound<'py, PyBytes> { g() }",
        "#[pyfunction] fn f() -> Cow<'static, [u8]> { g() }",
        "#[pymethods] impl A { fn data(&self) -> &[u8] { &self.data } }",
        "#[pyfunction] fn f() -> Vec<u16> { g() }",
        "#[pyfunction] fn f() -> Vec<Vec<u8>> { g() }",
        "#[pyfunction] fn f() -> &'static [u16] { g() }",
        "#[pyfunction] fn f() { g() }",
        "fn f() -> Vec<u8> { g() }",
        "impl A { fn f(&self) -> Vec<u8> { g() } }",
        "#[cfg(test)] mod tests { #[pyfunction] fn f() -> Vec<u8> { g() } }",
    ],
)
def test_nothing_is_said_about_other_types_and_functions(source: str) -> None:
    assert check("PYO062", HEAD + source, pyo3="0.22") == []
