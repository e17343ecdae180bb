from __future__ import annotations

import pytest

from tests.audit.support import check, fixed, spots

HEAD = "use pyo3::prelude::*;\n"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("#[pyfunction] fn f(data: Vec<u8>) -> usize { data.len() }", ["Vec<u8>"]),
        ("#[pyfunction] fn f(a: Vec<u8>, n: u8, b: Vec<u8>) -> bool { g(&a, &b) }", ["Vec<u8>", "Vec<u8>"]),
        ("#[pyfunction] fn f(data: Option<Vec<u8>>) { if let Some(x) = &data {} }", ["Option<Vec<u8>>"]),
        (
            "#[pyfunction] fn f(data: Option<Vec<u8>>) { match data { Some(d) => g(&d), None => {} } }",
            ["Option<Vec<u8>>"],
        ),
        ("#[pymethods] impl A { fn f(&self, data: Vec<u8>) { self.g(&data); } }", ["Vec<u8>"]),
        ("#[pyfunction] async fn f(data: Vec<u8>) { send(&data).await }", ["Vec<u8>"]),
        ("#[pyfunction] fn f(py: Python<'_>, data: Vec<u8>) -> u8 { py.detach(|| g(&data)) }", ["Vec<u8>"]),
    ],
)
def test_bytes_that_are_copied_are_found(source: str, found: list[str]) -> None:
    assert spots("PYO061", HEAD + source) == found


@pytest.mark.parametrize(
    "source",
    [
        "#[pyfunction] fn f(data: &[u8]) -> usize { data.len() }",
        "#[pyfunction] fn f(data: Vec<u16>) -> usize { data.len() }",
        "#[pyfunction] fn f(data: Vec<Vec<u8>>) -> usize { data.len() }",
        "#[pyfunction] fn f(data: PyBackedBytes) -> usize { data.len() }",
        "#[pyfunction] fn f(shape: Vec<u8>) -> usize { shape.len() }",
        "#[pyfunction] fn f(block_sizes: u8, zoom_levels: Vec<u8>) -> usize { zoom_levels.len() }",
        "#[pyfunction] fn f(#[pyo3(from_py_with = any)] data: Vec<u8>) -> usize { data.len() }",
        "#[pymethods] impl A { #[new] fn new(data: Vec<u8>) -> Self { Self { data } } }",
        "#[pymethods] impl A { #[new] fn new(data: Vec<u8>) -> Self { Self { inner: data } } }",
        "#[pymethods] impl A { #[new] fn new(data: Vec<u8>) -> Self { Self(data) } }",
        "#[pymethods] impl A { fn set(&mut self, data: Vec<u8>) { self.data = data; } }",
        "#[pyfunction] fn f(mut data: Vec<u8>) -> usize { data.sort(); data.len() }",
        "#[pyfunction] fn f(data: Vec<u8>) -> PyResult<String> { Ok(String::from_utf8(data)?) }",
        "#[pyfunction] fn f(data: Vec<u8>) -> Frozen { data.into_boxed_slice().freeze() }",
        "#[pyfunction] fn f(bitstring: Vec<u8>) -> usize { bitstring.len() }",
        "#[pyfunction] fn f(indexes: Vec<u8>) -> usize { g(indexes.as_slice()) }",
        "#[pyfunction] fn f(data: Option<Vec<u8>>) -> A { match data { Some(d) => A::with(d), None => A::new() } }",
        "#[pyfunction] fn f(data: Option<Vec<u8>>) -> A { if let Some(d) = data { A { d } } else { A::new() } }",
        "fn f(data: Vec<u8>) -> usize { data.len() }",
        "impl A { fn f(&self, data: Vec<u8>) -> usize { data.len() } }",
        "#[cfg(test)] mod tests { #[pyfunction] fn f(data: Vec<u8>) -> usize { data.len() } }",
    ],
)
def test_nothing_is_said_about_what_borrows_keeps_or_are_numbers(source: str) -> None:
    assert check("PYO061", HEAD + source) == []


def test_before_0_27_even_what_is_kept_comes_byte_by_byte() -> None:
    source = HEAD + "#[pymethods] impl A { #[new] fn new(data: Vec<u8>) -> Self { Self { data } } }"
    assert spots("PYO061", source, pyo3="0.26") == ["Vec<u8>"]
    assert check("PYO061", source, pyo3="0.27") == []
    for name in ("hotkey", "public_key", "nonce"):
        assert check("PYO061", source.replace("data", name), pyo3="0.26") == []


@pytest.mark.parametrize(
    ("before", "is_fixed"),
    [
        ("#[pyfunction] fn f(data: Vec<u8>) -> usize { data.len() + data[0] as usize }", True),
        ("#[pyfunction] fn é(data: Vec<u8>) -> u8 { data.iter().fold(0, |a, b| a ^ b) }", True),
        ("#[pyfunction] fn f(py: Python<'_>, data: Vec<u8>) -> u8 { py.detach(|| sum(&data[1..])) }", True),
        ("#[pymethods] impl A { fn f(&self, data: Vec<u8>) -> Bound<'_, PyAny> { g(&data[..]) } }", True),
        ("#[pyfunction] fn f<'py>(py: Python<'py>, data: Vec<u8>) -> Bound<'py, PyAny> { g(data.len()) }", True),
        ("#[pyfunction] fn f(py: Python<'_>, data: Vec<u8>) -> Bound<'_, PyAny> { g(data.len()) }", False),
        ("#[pyfunction] fn f(data: Vec<u8>) -> usize { g(&data) }", False),
        ("#[pyfunction] fn f(data: Vec<u8>) -> usize { g(&mut data[..]) }", False),
        ("#[pyfunction] fn f(data: Vec<u8>) { data[0] = 1; }", False),
        ("#[pyfunction] fn f(data: Vec<u8>) { thread::spawn(move || data.len()); }", False),
        ('#[pyfunction] fn f(data: Vec<u8>) { println!("{data:?}"); }', False),
        ("#[pyfunction] fn f(data: Vec<u8>) -> usize { data.capacity() }", False),
        ("#[pyfunction] #[pyo3(signature = (data=vec![]))] fn f(data: Vec<u8>) -> usize { data.len() }", False),
        ("#[pyfunction] fn f(data: Option<Vec<u8>>) -> bool { data.is_some() }", False),
    ],
)
def test_the_fix_borrows_where_the_body_only_reads(before: str, is_fixed: bool) -> None:
    after = before.replace("Vec<u8>", "&[u8]") if is_fixed else before
    assert fixed("PYO061", HEAD + before) == HEAD + before
    assert fixed("PYO061", HEAD + before, unsafe=True) == HEAD + after
