"""Names that PyO3 has, and others too: what is not PyO3's stays, and what cannot be told is named."""

from __future__ import annotations

import pytest

from pyo3_kit.codemods import Context, ReviewItem, code_migrations
from pyo3_kit.merge.model import File
from tests.migrations.support import SHIPPED


def moved(source: str) -> tuple[str, list[ReviewItem]]:
    tree = {"src/lib.rs": File(source.encode())}
    after, applied = code_migrations(SHIPPED, tree, Context(None, {"pyo3": "0.21"}), Context(None, {"pyo3": "0.28"}))
    return after["src/lib.rs"].content.decode(), [place for one in applied for place in one.review]


@pytest.mark.parametrize(
    "source",
    [
        # The standard library's `Any`, and pointers.
        "use std::any::Any;\n\nfn f(any: Box<dyn Any>) { any.downcast::<u8>().ok(); }\n",
        "fn f(raw: *mut u8) -> *mut i8 { raw.cast::<i8>() }\n",
        # The C API's type.
        "use pyo3::ffi;\n\nfn f(raw: *mut ffi::PyObject) -> bool { raw.is_null() }\n",
        "struct PyObject;\n\nfn f() -> PyObject { PyObject }\n",
        "use crate::object::PyObject;\n\nfn f(o: PyObject) -> usize { vec!(PyObject::new(o)).len() }\n",
        "use pyo3::{ffi, Python};\nuse ffi::PyObject;\n\nfn f(raw: *mut PyObject) -> bool { raw.is_null() }\n",
        # Classes that are called like Python's types.
        '#[pyclass(name = "Delta")]\nstruct PyDelta;\nfn f(by: &PyDelta, or: Option<&PyDelta>) {}\n',
        "use super::{time::PyTime, *};\n\nfn f(a: &PyTime, b: Vec<&PyTime>) -> &PyTime { a }\n",
        "pub struct PyLong;\nfn f() -> PyLong { PyLong }\n",
        # Methods and functions of the project's own.
        "struct T;\nimpl T { fn with_gil(&self) {} }\nfn f(t: T) { t.with_gil() }\n",
        "struct T;\nimpl T { fn new_bound() -> T { T } }\nfn f() -> T { T::new_bound() }\n",
        "trait Own { fn into_py(self, py: u8); }\nfn f<T: Own>(t: T) { t.into_py(1) }\n",
        "fn f(items: Vec<u8>) -> usize { items.iter().count() }\n",
        "fn f(rows: Rows) -> Result<(), E> { for row in rows.iter()? {} Ok(()) }\n",
        # Errors that are called like PyO3's, and boxes of another library's.
        "use pyo3::prelude::*;\n\npyo3::create_exception!(x, DowncastError, PyException);\n",
        "pub enum Error { DowncastError(String) }\nfn f() -> Error { Error::DowncastError(String::new()) }\n",
        "use other::DowncastError;\n\nfn f(error: DowncastError) { pyo3::print(error) }\n",
        "fn f(e: Box<dyn std::error::Error>) { let _ = e.downcast::<std::io::Error>(); }\n",
        # Texts, comments, and functions that Python does not see.
        '// with_gil, PyObject\nconst T: &str = "py.allow_threads PyList::new_bound(py, x)";\n',
        "fn f(x: u8, y: Option<u8>) -> u8 { x + y.unwrap_or(0) }\n",
        "enum Plain { One, Two }\n",
    ],
)
def test_what_is_not_pyo3s_stays(source: str) -> None:
    assert moved(source) == (source, [])


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("use pyo3::prelude::*;\n\nfn f<T: ToPyObject>(t: T) {}\n", "The traits are removed in 0.25"),
        ("use pyo3::prelude::*;\n\nfn f<T: IntoPy<Py<PyAny>>>(t: T) {}\n", "The traits are removed in 0.25"),
        ("use pyo3::prelude::*;\n\nstruct S { cell: &'static PyCell<u8> }\n", "GIL references are removed"),
        ("use pyo3::prelude::*;\n\nfn f(py: Python<'_>, code: &str) { py.eval_bound(code, None, None); }\n", "&CStr"),
        ("use pyo3::prelude::*;\n\n#[pyclass]\nstruct S { count: std::cell::Cell<u8> }\n", "Not `Sync`"),
        ("use pyo3::prelude::*;\n\nimpl<'a, T> FromPyObject<'a> for W<T> {}\n", "`type Error`"),
    ],
)
def test_what_a_person_has_to_decide_is_named(source: str, note: str) -> None:
    _, places = moved(source)
    assert [place.path for place in places if note in place.note] == ["src/lib.rs"]


@pytest.mark.parametrize(
    ("own", "used", "line"),
    [
        (
            "pub struct PyBox;\nimpl PyBox { pub fn new_bound(a: u8) -> Self { PyBox } }\n",
            "fn f() {\n    PyBox::new_bound(1);\n}\n",
            2,
        ),
        (
            "pub struct B;\nimpl B { pub fn value_bound(&self, py: u8) -> u8 { py } }\n",
            "fn f(b: B, py: u8) {\n    b.value_bound(py);\n}\n",
            2,
        ),
        ("pub struct Downcasting;\n", "fn f(a: A) {\n    a.downcast::<Shape>();\n}\n", 2),
        ("trait T { fn downcast(self); }\n", "fn f(a: A) {\n    a.downcast::<PyList>();\n}\n", 2),
        ("pub fn prepare_freethreaded_python() {}\n", "fn f() {\n    prepare_freethreaded_python();\n}\n", 2),
        ("trait T { fn allow_threads(&self); }\n", "fn f(t: T) {\n    t.allow_threads(|| 1);\n}\n", 2),
        ("impl A { fn to_object(&self, py: B) {} }\n", "fn f(a: A, py: B) {\n    a.to_object(py);\n}\n", 2),
        ("pub struct PyTime;\n", "use other::*;\n\nfn f(a: &PyTime) {}\n", 3),
        ("pub struct PyObject;\n", "use other::*;\n\nfn f(a: PyObject) {}\n", 3),
        ("pub struct A;\n", "use other::{PyDelta, PyObject};\nfn f(a: &PyDelta, b: PyObject) {}\n", 2),
        (
            "trait T { fn iter(&self) -> io::Result<Rows>; }\n",
            "use pyo3::PyAny;\nfn f(t: Table) -> PyResult<()> {\n    for row in t.iter()? {}\n    Ok(())\n}\n",
            3,
        ),
        ("pub struct A;\n", "fn f() -> String {\n    let py = find();\n    py.version()\n}\n", 3),
        ("pub struct A;\n", "fn f(py: Interpreter) -> String {\n    py.version()\n}\n", 2),
        ("trait T { fn get_refcnt(&self) -> u8; }\n", "fn f(a: A) {\n    a.get_refcnt();\n}\n", 2),
        ("pub struct A;\n", "use pyo3::CastError;\nfn f() {\n    own!(DowncastError);\n}\n", 3),
    ],
)
def test_what_may_be_the_projects_own_is_left_and_named(own: str, used: str, line: int) -> None:
    tree = {"src/lib.rs": File(used.encode()), "src/own.rs": File(own.encode())}
    after, applied = code_migrations(SHIPPED, tree, Context(None, {"pyo3": "0.21"}), Context(None, {"pyo3": "0.30"}))
    assert after == tree
    assert {(place.path, place.line) for one in applied for place in one.review} == {("src/lib.rs", line)}


def test_a_py_is_cast_with_the_token() -> None:
    source = "fn f(a: Py<PyAny>) {\n    %s;\n    %s;\n}\n"
    old = source % ("a.downcast::<PyString>(py)", "a.downcast(self.py())")
    assert moved(old) == (source % ("a.cast_bound::<PyString>(py)", "a.cast_bound(self.py())"), [])


@pytest.mark.parametrize(
    ("code", "line"),
    [
        # Beside imports that hold always.
        ("use pyo3::prelude::*;\n\nfn f(py: Python<'_>) {\n    g!(1.into_py(py));\n}\n", None),
        ("use pyo3::prelude::*;\n\nmod tests {\n    use super::*;\n    fn f(py: P) { 1.into_py(py); }\n}\n", None),
        # Beside one that holds for a feature, and where one from outside does not count.
        ('#[cfg(feature = "py")]\nuse pyo3::prelude::*;\n\nfn f(py: Python<\'_>) {\n    1.into_py(py);\n}\n', 1),
        ("use pyo3::prelude::*;\n\nmod inner {\n    fn f(py: P) { 1.into_py(py); }\n}\n", 3),
    ],
)
def test_an_import_that_nobody_can_place_is_asked_for(code: str, line: int | None) -> None:
    after, places = moved(code)
    assert ("use pyo3::IntoPyObjectExt;\n" in after) is (line is None)
    assert [place.line for place in places] == ([line] if line else [])


def test_what_is_imported_from_pyo3_is_pyo3s() -> None:
    code = "use pyo3::types::{PyAny, PyTime};\nuse pyo3::{Bound, PyObject};\n\nfn f(a: &PyTime, b: PyObject) {}\n"
    tree = {"src/lib.rs": File(code.encode()), "src/own.rs": File(b"pub struct PyTime;\npub struct PyObject;\n")}
    after, applied = code_migrations(SHIPPED, tree, Context(None, {"pyo3": "0.21"}), Context(None, {"pyo3": "0.28"}))
    assert after["src/lib.rs"].content.endswith(b"fn f(a: &Bound<'_, PyTime>, b: Py<PyAny>) {}\n")
    assert not [place for one in applied for place in one.review]
