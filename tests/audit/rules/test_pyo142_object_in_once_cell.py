from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = (
    "use pyo3::prelude::*;\nuse pyo3::sync::GILOnceCell;\nuse once_cell::sync::{Lazy, OnceCell};\n"
    "use std::sync::{LazyLock, OnceLock};\n"
)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("static A: GILOnceCell<Py<PyAny>> = GILOnceCell::new();", "GILOnceCell<Py<PyAny>>"),
        ("static A: pyo3::sync::GILOnceCell<String> = make();", "pyo3::sync::GILOnceCell<String>"),
        ("struct A { cell: GILOnceCell<Py<PyAny>> }", "GILOnceCell<Py<PyAny>>"),
        ("fn f() { static A: GILOnceCell<Py<PyAny>> = GILOnceCell::new(); }", "GILOnceCell<Py<PyAny>>"),
        ("static A: LazyLock<Py<PyAny>> = LazyLock::new(|| Python::attach(make));", "LazyLock<Py<PyAny>>"),
        ("static A: Lazy<Option<Py<PyAny>>> = Lazy::new(make);", "Lazy<Option<Py<PyAny>>>"),
        ("static A: Lazy<PyObject> = Lazy::new(make);", "Lazy<PyObject>"),
        (
            "static A: OnceLock<Py<PyAny>> = OnceLock::new();\nfn f() { A.get_or_init(|| make()); }",
            "OnceLock<Py<PyAny>>",
        ),
        (
            "static A: OnceCell<Py<PyAny>> = OnceCell::new();\nfn f() { A.get_or_try_init(|| make()); }",
            "OnceCell<Py<PyAny>>",
        ),
        (
            "static A: LazyLock<Mutex<Vec<Py<PyAny>>>> = LazyLock::new(|| Mutex::new(objects()));",
            "LazyLock<Mutex<Vec<Py<PyAny>>>>",
        ),
        ("static A: Lazy<Py<PyDict>> = Lazy::new(|| PyDict::new());", "Lazy<Py<PyDict>>"),
        ("lazy_static! { static ref A: Py<PyAny> = make(); }", "Py"),
        ("lazy_static::lazy_static! { pub static ref A: PyObject = make(); }", "PyObject"),
    ],
)
def test_a_cell_that_can_deadlock_or_is_old_is_found(source: str, found: str) -> None:
    assert spots("PYO142", HEAD + source) == [found]


@pytest.mark.parametrize(
    "source",
    [
        "static A: PyOnceLock<Py<PyAny>> = PyOnceLock::new();",
        'static A: LazyLock<Regex> = LazyLock::new(|| Regex::new("a").unwrap());',
        "static A: OnceLock<Py<PyAny>> = OnceLock::new();\nfn f() { A.set(make()); A.get(); }",
        "static A: OnceLock<Py<PyAny>> = OnceLock::new();\nfn f() { A.get_or_init_py_attached(py, make); }",
        "static A: OnceLock<String> = OnceLock::new();\nfn f() { A.get_or_init(|| make()); }",
        "static A: Lazy<RwLock<Option<Py<PyAny>>>> = Lazy::new(|| RwLock::new(None));",
        "static A: LazyLock<Mutex<HashMap<u8, Py<PyAny>>>> = LazyLock::new(|| { Mutex::new(HashMap::new()) });",
        "static A: LazyLock<Mutex<Vec<Py<PyAny>>>> = LazyLock::new(Mutex::default);",
        "static A: OnceLock<Mutex<Vec<Py<PyAny>>>> = OnceLock::new();\n"
        "fn f() { A.get_or_init(|| Mutex::new(Vec::with_capacity(8))); }",
        "static A: mine::Lazy<Py<PyAny>> = make();",
        "struct A { cell: OnceLock<Py<PyAny>> }",
        "lazy_static! { static ref A: Regex = make(); }",
        "lazy_static! { static ref A: Mutex<Vec<u8>> = make(); }",
        "other! { static ref A: Py<PyAny> = make(); }",
        "#[cfg(test)] mod tests { static A: GILOnceCell<u8> = GILOnceCell::new(); }",
    ],
)
def test_nothing_is_said_of_others(source: str) -> None:
    assert check("PYO142", HEAD + source) == []


def test_nothing_is_said_before_there_is_a_better_cell() -> None:
    assert check("PYO142", f"{HEAD}static A: GILOnceCell<Py<PyAny>> = GILOnceCell::new();", pyo3="0.25") == []
