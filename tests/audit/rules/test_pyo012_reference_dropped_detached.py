from __future__ import annotations

import pytest

from tests.audit.support import check, spots

CONFIG = {".cargo/config.toml": '[build]\nrustflags = ["--cfg", "pyo3_disable_reference_pool"]\n'}
HEAD = "use pyo3::prelude::*;\n"


def function(parameter: str, body: str) -> str:
    return f"{HEAD}#[pyfunction] fn f(py: Python<'_>, {parameter}) {{ {body} }}"


@pytest.mark.parametrize(
    ("parameter", "body", "found"),
    [
        ("text: PyBackedStr", "py.detach(move || text.len())", ["text"]),
        ("text: PyBackedStr", "py.allow_threads(move || { let n = text.len(); n + text.len() })", ["text"]),
        ("data: Vec<PyBackedBytes>", "py.detach(move || data.iter().map(g).sum())", ["data"]),
        ("data: Vec<PyBackedBytes>", "py.detach(|| data.into_par_iter().map(g).sum())", ["data"]),
        ("data: Vec<PyBackedBytes>", "py.detach(|| { for one in data { g(&one) } })", ["data"]),
        ("x: Option<Py<PyAny>>", "py.detach(|| drop(x))", ["x"]),
        ("x: Py<PyAny>, y: PyObject", "py.detach(move || g(&x, &y))", ["x", "y"]),
    ],
)
def test_what_a_detached_closure_takes_over_is_found(parameter: str, body: str, found: list[str]) -> None:
    assert spots("PYO012", {"src/lib.rs": function(parameter, body), **CONFIG}) == found
    assert check("PYO012", function(parameter, body)) == []


@pytest.mark.parametrize(
    ("parameter", "body"),
    [
        ("text: PyBackedStr", "py.detach(|| text.len())"),
        ("text: &PyBackedStr", "py.detach(move || text.len())"),
        ("text: PyBackedStr", "let text = &*text; py.detach(move || text.len())"),
        ("text: PyBackedStr", "let n = text.len(); py.detach(move || n + 1)"),
        ("text: PyBackedStr", "py.detach(move || { work(&text); text })"),
        ("text: PyBackedStr", "py.detach(move || { let n = work(&text); (n, text) })"),
        ("text: String", "py.detach(move || text.len())"),
        ("data: Vec<PyBackedBytes>", "py.detach(|| { for one in &data { g(one) } })"),
        ("data: Vec<&PyBackedBytes>", "py.detach(move || g(data))"),
        ("text: PyBackedStr", "thread::spawn(move || text.len())"),
        ("text: PyBackedStr", "Python::attach(move |py| text.len())"),
    ],
)
def test_nothing_is_said_about_what_is_borrowed_or_comes_back(parameter: str, body: str) -> None:
    assert check("PYO012", {"src/lib.rs": function(parameter, body), **CONFIG}) == []


def test_tests_may_abort() -> None:
    source = "#[cfg(test)] mod tests {" + function("x: Py<PyAny>", "py.detach(move || g(&x))") + "}"
    assert check("PYO012", {"src/lib.rs": source, **CONFIG}) == []
