from __future__ import annotations

import pytest

from tests.audit.support import check, fixed, spots

HEAD = "use pyo3::prelude::*;\nuse rayon::prelude::*;\n"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("fn f(py: Python<'_>, x: &Py<PyAny>) { Python::attach(|py| x.call0(py)); }", "Python::attach"),
        ("fn f(x: &Bound<'_, PyAny>) { let y = Python::with_gil(|py| g(py)); }", "Python::with_gil"),
        ("fn f(x: Borrowed<'_, '_, PyAny>) { Python::attach(|py| g(py)) }", "Python::attach"),
        ("#[pymethods] impl A { fn __iter__(slf: PyRef<'_, Self>) { Python::attach(|py| g(py)) } }", "Python::attach"),
        ("impl T for Bound<'_, PyAny> { fn f(&self) { pyo3::Python::attach(|py| g(py)) } }", "pyo3::Python::attach"),
        ("fn f(py: Python<'_>) { items.iter().map(|i| Python::attach(|py| i.get(py))).collect() }", "Python::attach"),
        ("#[pyfunction] fn f(x: Py<PyAny>) { Python::attach(|py| g(py, x)) }", "Python::attach"),
        ("#[pymethods] impl A { fn f(&self) { Python::attach(|py| self.x.clone_ref(py)) } }", "Python::attach"),
        ("fn f(py: Python<'_>) { if failed { Python::attach(|py| { log(py); }) } }", "Python::attach"),
        ("fn f(py: Python<'_>) { x.map_err(|e| Python::attach(|py| wrap(py, e)))?; }", "Python::attach"),
    ],
)
def test_an_attach_beside_a_token_is_found(source: str, found: str) -> None:
    assert spots("PYO031", HEAD + source) == [found]


@pytest.mark.parametrize(
    "source",
    [
        "fn f(x: &Py<PyAny>) { Python::attach(|py| x.call0(py)); }",
        "fn f() { Python::attach(|py| g(py)); }",
        "impl A { fn f(&self) { Python::attach(|py| self.x.clone_ref(py)) } }",
        "#[pyfunction] fn f() { thread::spawn(|| Python::attach(|py| g(py))); }",
        "#[pyfunction] async fn f() { Python::attach(|py| g(py)) }",
        "#[pymethods] impl A { fn __traverse__(&self, visit: PyVisit<'_>) { Python::attach(|py| g(py)) } }",
        "fn f(py: Python<'_>) { py.detach(|| { work(); Python::attach(|py| g(py)) }) }",
        "fn f(py: Python<'_>) { py.allow_threads(move || items.map(|i| Python::with_gil(|py| g(py, i)))) }",
        "fn f(py: Python<'_>) { thread::spawn(move || Python::attach(|py| g(py))); }",
        "fn f(py: Python<'_>) { future_into_py(py, async move { Python::attach(|py| g(py)) }) }",
        "fn f(py: Python<'_>) { items.par_iter().map(|i| Python::attach(|py| i.get(py))).collect() }",
        "fn f(py: Python<'_>) { pool.install(|| Python::attach(|py| g(py))) }",
        "fn f(py: Python<'_>) { let hook = move || Python::attach(|py| g(py)); set(hook); }",
        "fn f(py: Python<'_>) { fn inner() { Python::attach(|py| g(py)) } }",
        "async fn f(x: Py<PyAny>) { Python::attach(|py| x.call0(py)) }",
        "fn f(range: (Bound<u8>, Bound<u8>)) { Python::attach(|py| g(py)) }",
        "use std::ops::Bound;\nfn f(end: Bound<u8>) { Python::attach(|py| g(py)) }",
        "fn f(end: std::ops::Bound<u8>) { Python::attach(|py| g(py)) }",
        "fn f(items: Vec<Bound<'_, PyAny>>) { Python::attach(|py| g(py)) }",
        "fn f(py: Python<'_>) { Volume::attach(|py| g(py)) }",
        "#[test] fn f(py: Python<'_>) { Python::attach(|py| g(py)) }",
    ],
)
def test_nothing_is_said_where_no_token_is_at_hand(source: str) -> None:
    assert check("PYO031", HEAD + source) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("let y = Python::attach(|py| x.call0(py))?;", "let y = x.call0(py)?;"),
        ("Python::with_gil(move |py| é(py, 1)).unwrap();", "é(py, 1).unwrap();"),
        ("Python::attach(|gil| x.call0(gil));", "Python::attach(|gil| x.call0(gil));"),
        ("Python::attach(|py| x.call1(py, /* é */ (1,)));", "x.call1(py, /* é */ (1,));"),
        ("Python::attach(|py| /* why */ x.call0(py));", "Python::attach(|py| /* why */ x.call0(py));"),
        ("Python::attach(|py|\n// why\ng(py));", "Python::attach(|py|\n// why\ng(py));"),
        ("Python::attach(|py| g(py) // why\n);", "Python::attach(|py| g(py) // why\n);"),
        ("Python::attach(/* why */ |py| g(py));", "Python::attach(/* why */ |py| g(py));"),
        ("Python::attach(|py| { x.call0(py) });", "Python::attach(|py| { x.call0(py) });"),
        ("Python::attach(|py| g(x.call0(py)?));", "Python::attach(|py| g(x.call0(py)?));"),
    ],
)
def test_the_fix_takes_the_functions_token(before: str, after: str) -> None:
    source = HEAD + "fn f(py: Python<'_>, x: &Py<PyAny>) { %s }"
    assert fixed("PYO031", source % before) == source % after


def test_the_way_out_names_the_token_or_asks_for_one() -> None:
    body = "Python::attach(|py| g(py))"
    assert check("PYO031", f"{HEAD}fn f(x: &Bound<'_, PyAny>) {{ {body} }}")[0].help == "use `x.py()`"
    assert check("PYO031", f"{HEAD}#[pyfunction] fn f() {{ {body} }}")[0].help.startswith("add `py: Python<'_>`")
