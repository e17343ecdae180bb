from __future__ import annotations

import pytest

from tests.audit.support import check, fixed, spots

SOURCE = "use pyo3::prelude::*;\nfn f<'py>(py: Python<'py>, cb: &Bound<'py, PyAny>) -> PyResult<()> { %s }"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("cb.call1(PyTuple::new(py, [a, b])?)?;", "PyTuple::new"),
        ("cb.call1(&PyTuple::new(py, &[a, b])?)?;", "PyTuple::new"),
        ("cb.call(PyTuple::new(py, [a])?, Some(&kwargs))?;", "PyTuple::new"),
        ('cb.call_method1("x", PyTuple::new(py, vec![a, b, c]).unwrap())?;', "PyTuple::new"),
        ('cb.call_method("x", types::PyTuple::new(py, [a, b])?, None)?;', "types::PyTuple::new"),
        ("cb.call1(PyTuple::new_bound(py, [a, b]))?;", "PyTuple::new_bound"),
        ("let args = PyTuple::new(py, [a, b])?; cb.call1(args)?;", "PyTuple::new"),
        ("let args = PyTuple::new(py, [a, b])?; let x = 1; Ok(cb.call(&args, None)?)", "PyTuple::new"),
        ("for x in xs { let args = PyTuple::new(py, [x])?; cb.call1(args)?; }", "PyTuple::new"),
    ],
)
def test_a_tuple_for_a_call_is_found(body: str, found: str) -> None:
    assert spots("PYO041", SOURCE % body) == [found]


@pytest.mark.parametrize(
    "body",
    [
        "cb.call1((a, b))?;",
        "cb.call1(PyTuple::new(py, items)?)?;",
        "cb.call1(PyTuple::new(py, items.iter().map(g))?)?;",
        "cb.call1(PyTuple::new(py, vec![a; n])?)?;",
        "cb.call1(PyTuple::new(py, [0; 3])?)?;",
        "cb.call1(PyTuple::new(py, [a, b, c, d, e, f, g, h, i, j, k, l, m])?)?;",
        "cb.call1(PyTuple::new(py, [])?)?;",
        "cb.call1(PyTuple::new(py, list![a, b])?)?;",
        "cb.call(PyTuple::empty(py), Some(&kwargs))?;",
        "cb.call1((PyTuple::new(py, [a, b])?,))?;",
        "let args = PyTuple::new(py, [a, b])?; cb.call1(&args)?; cb.call1(&args)?;",
        "let args = PyTuple::new(py, [a, b])?; for x in xs { x.call1(&args)?; }",
        "let args = PyTuple::new(py, [a, b])?; xs.iter().map(|x| x.call1(&args))",
        'let args = PyTuple::new(py, [a, b])?; println!("{}", args); cb.call1(args)?;',
        "let args = PyTuple::new(py, [a, b])?; Ok(args)",
        "list.append(PyTuple::new(py, [a, b])?)?;",
        "cb.call1(PyList::new(py, [a, b])?.to_tuple())?;",
    ],
)
def test_nothing_is_said_about_tuples_that_have_to_be(body: str) -> None:
    assert check("PYO041", SOURCE % body) == []


def test_nothing_is_said_before_tuples_were_called_fast() -> None:
    assert check("PYO041", SOURCE % "cb.call1(PyTuple::new(py, [a, b]))?;", pyo3="0.22") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("cb.call1(PyTuple::new(py, [a, b.c])?)?;", "cb.call1((a, b.c))?;"),
        ('cb.call1(&PyTuple::new(py, [&a, x.é("1"),])?)?;', 'cb.call1((&a, x.é("1")))?;'),
        ("cb.call(PyTuple::new(py, [1]).unwrap(), None)?;", "cb.call((1,), None)?;"),
        ("cb.call1(PyTuple::new(py, vec![a])?)?;", "cb.call1((a,))?;"),
        ("cb.call1(PyTuple::new(py, vec![a.b, c])?)?;", "cb.call1((a.b, c))?;"),
        ("cb.call1(PyTuple::new(py, vec![a.b()?])?)?;", "cb.call1(PyTuple::new(py, vec![a.b()?])?)?;"),
        ("cb.call1(PyTuple::new(py, [/* a */ b])?)?;", "cb.call1(PyTuple::new(py, [/* a */ b])?)?;"),
        ("cb.call1(PyTuple::new(py, [a.into(), b])?)?;", "cb.call1(PyTuple::new(py, [a.into(), b])?)?;"),
        ("cb.call1(PyTuple::new(py, [None, b])?)?;", "cb.call1(PyTuple::new(py, [None, b])?)?;"),
        ('cb.call1(PyTuple::new(py, [true, "é"])?)?;', 'cb.call1((true, "é"))?;'),
        ("cb.call1(PyTuple::new(py, [v, 1_000, 0xff])?)?;", "cb.call1((v, 1_000, 0xff))?;"),
        ("cb.call1(PyTuple::new(py, [v, 0x7fff_ffff])?)?;", "cb.call1((v, 0x7fff_ffff))?;"),
        ("cb.call1(PyTuple::new(py, [v, 3_000_000_000_u64])?)?;", "cb.call1((v, 3_000_000_000_u64))?;"),
        ("cb.call1(PyTuple::new(py, [v, 0.1f32, 1f32])?)?;", "cb.call1((v, 0.1f32, 1f32))?;"),
        ("cb.call1(PyTuple::new(py, [0.1, 2., 1e3])?)?;", "cb.call1((0.1, 2., 1e3))?;"),
        *(
            (f"cb.call1(PyTuple::new(py, [{items}])?)?;",) * 2
            for items in (
                "v, 0.1",
                "&v, &0.1",
                "0.1, 0.2f32",
                "v, 1e3",
                "n, 3_000_000_000",
                "n, 0x1_0000_0f32",
                "n, -0.1",
            )
        ),
        ("cb.call1(PyTuple::new(py, &[a, b])?)?;", "cb.call1(PyTuple::new(py, &[a, b])?)?;"),
    ],
)
def test_the_fix_passes_a_rust_tuple(before: str, after: str) -> None:
    assert fixed("PYO041", SOURCE % before) == SOURCE % after


def test_the_fix_takes_the_import_along_once_the_last_tuple_is_gone() -> None:
    head = "use pyo3::types::{PyDict, PyList, PyTuple};\n"
    body = "fn f(m: &Bound<'_, PyAny>) {{\n    m.call1({0});\n    m.call1({0});\n    let x: (PyDict, PyList);\n{1}}}\n"
    before, after = body.format("PyTuple::new(py, [a])?", ""), body.format("(a,)", "")
    assert fixed("PYO041", head + before) == head.replace(", PyTuple", "") + after
    kept = "    let x: PyTuple;\n"
    assert fixed("PYO041", head + body.format("PyTuple::new(py, [a])?", kept)) == head + body.format("(a,)", kept)


def test_nothing_is_said_about_code_that_no_wheel_contains() -> None:
    source = SOURCE % "cb.call1(PyTuple::new(py, [a, b])?)?;"
    for condition in ("debug_assertions", "all(debug_assertions, unix)", "test"):
        assert check("PYO041", source.replace("fn f", f"#[cfg({condition})]\nfn f")) == []
    assert spots("PYO041", source.replace("fn f", "#[cfg(not(debug_assertions))]\nfn f")) == ["PyTuple::new"]
