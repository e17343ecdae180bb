"""Macros, in which nothing is migrated: those that hold what is gone are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.codemods import Context, ReviewItem, code_migrations
from pyo3_kit.merge.model import File
from tests.migrations.support import SHIPPED, metadata, move, template

RENAME = "language: Rust\nrule: {kind: field_identifier, regex: ^old$}\nfix: new\n"


def moved(body: str) -> list[ReviewItem]:
    source = f"use pyo3::prelude::*;\n\nmacro_rules! a {{\n    ($x:expr) => {{ {body} }};\n}}\n"
    tree = {"src/lib.rs": File(source.encode())}
    after, applied = code_migrations(SHIPPED, tree, Context(None, {"pyo3": "0.21"}), Context(None, {"pyo3": "0.30"}))
    assert after == tree
    return [place for one in applied for place in one.review]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("Python::with_gil(|py| $x)", ["with_gil"]),
        ("let o: PyObject = PyDict::new_bound(py).into_py($x);", ["PyObject", "into_py", "new_bound"]),
        ("o.downcast_bound::<PyDict>(py)", ["downcast_bound"]),
        ("o.downcast::<PyDict>()", ["PyDict", "downcast"]),
        ("#[pymethods] impl $x { fn f(&self, a: Option<f64>) {} }", ["Option", "pymethods"]),
        ("#[pyfunction] fn f(a: Option<f64>) {}", ["Option", "pyfunction"]),
        ("#[pyclass] enum A { B }", ["enum", "pyclass"]),
        ("fn f(a: &PyAny, b: &Bound<'py, PyAny>) {}", ["&PyAny"]),
        ("fn f(a: &'py PyDict) {}", ["&PyDict"]),
        (
            "impl FromPyObject<'_> for $x { fn extract(a: &PyAny) -> R {} }",
            ["&PyAny", "FromPyObject", "extract", "impl"],
        ),
        ("fn f(raw: *mut pyo3::ffi::PyObject) -> PyObject {}", ["PyObject"]),
        ("#[pymethods] impl $x { fn f(&self) -> Vec<u8> {} }", ["Vec", "pymethods", "u8"]),
        ("#[pyclass] #[derive(Clone)] struct A;", ["Clone", "pyclass"]),
        ("use pyo3::types::{PyCodeInput, PyDict};", ["PyCodeInput"]),
        ("fn f(a: &str) -> PyResult<()> { std::str::from_utf8(b)?; }", ["PyResult", "str::from_utf8"]),
    ],
)
def test_a_macro_that_holds_what_is_gone_is_named_once(body: str, names: list[str]) -> None:
    (place,) = moved(body)
    assert (place.path, place.line) == ("src/lib.rs", 3)
    assert place.note.split("`")[1] == "a!"
    assert sorted(place.note.split("`")[3::2]) == names


@pytest.mark.parametrize(
    "body",
    [
        "Python::attach(|py| $x.lower_bound(with_gills))",
        '/* with_gil */ f("PyObject")',
        "raw as *mut pyo3::ffi::PyObject",
        "any.downcast::<u8>()",
        "#[pymethods] impl $x { #[pyo3(signature = (a=None))] fn f(&self, a: Option<f64>) {} }",
        "#[pyclass(eq, eq_int)] enum A { B }",
        "fn f(a: &Bound<'py, PyAny>, b: Py<PyAny>) {}",
        "#[pymethods] impl $x { fn f(&self) -> Vec<u16> {} }",
        "#[pyclass(from_py_object)] #[derive(Clone)] struct A;",
        "fn f(a: Vec<u8>) -> PyResult<String> { String::from_utf8(a) }",
        "fn f(a: Option<f64>) {}",
    ],
)
def test_a_macro_that_holds_nothing_old_is_not(body: str) -> None:
    assert moved(body) == []


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("fn a() {\n    vec![x.old(); 3];\n}\n", 2),
        ("\nlazy! { static ref A: u8 = x.old(); }\n", 2),
        # What rules see they have done.
        ("fn a() {\n    assert!(x.old());\n}\n", None),
        # They cannot see whether an argument is the name of something old.
        ("macro_rules! mine { () => {} }\nmine!(\n    Other, old);\n", 2),
        ("macro_rules! mine { () => {} }\nmine!(a::old);\n", 2),
        ("macro_rules! mine { () => {} }\nmine!(x, &old);\n", None),
        ('macro_rules! mine { () => {} }\nmine!(older, "old");\n', None),
        ("other!(a, old);\n", None),
    ],
)
def test_what_a_macro_is_called_with(source: str, line: int | None, tmp_path: Path) -> None:
    migrations = template(tmp_path, one__migration_yml=metadata(macros="[old]"), one__rules_yml=RENAME)
    _, applied = move(migrations, lib_rs=source)
    assert [place.line for one in applied for place in one.review] == ([] if line is None else [line])
