"""Imports that an edit leaves without a use."""

from __future__ import annotations

import pytest

from pyo3_kit.rust.unused_imports import drop_new_unused_imports

LONG = "PyBool, PyByteArray, PyBytes, PyComplex, PyDate, PyDateTime, PyDelta, PyDict, PyFloat, PyInt"


@pytest.mark.parametrize(
    ("imports", "left"),
    [
        ("use pyo3::types::PyTuple;\n", ""),
        ("use pyo3::types::{PyDict, PyTuple};\n", "use pyo3::types::PyDict;\n"),
        ("use pyo3::types::{PyDict, PyList, PyTuple};\n", "use pyo3::types::{PyDict, PyList};\n"),
        ("use pyo3::types::{self, PyTuple};\n", "use pyo3::types;\n"),
        ("use pyo3::{prelude::*, types::PyTuple};\n", "use pyo3::prelude::*;\n"),
        ("#[cfg(unix)]\nuse pyo3::types::PyTuple;\n", ""),
        ("    use pyo3::types::PyTuple; // of calls\n", "    // of calls\n"),
        ("use pyo3::types::PyDict as PyTuple;\n", ""),
        ("use pyo3::types::PyTuple as Args;\n", "use pyo3::types::PyTuple as Args;\n"),
        ("pub use pyo3::types::PyTuple;\n", "pub use pyo3::types::PyTuple;\n"),
        ("use pyo3::types::*;\n", "use pyo3::types::*;\n"),
        ("use pyo3::types::{\n    PyDict, PyTuple,\n};\n", "use pyo3::types::PyDict;\n"),
        (
            f"use pyo3::types::{{\n    {LONG},\n    PyTuple,\n}};\n",
            f"use pyo3::types::{{\n    {LONG},\n}};\n",
        ),
    ],
)
def test_an_import_that_lost_its_use_goes(imports: str, left: str) -> None:
    before = f"{imports}fn f() {{ g(PyTuple::new(1)); }}\n"
    after = before.replace("PyTuple::new(1)", "(1,)")
    assert drop_new_unused_imports(before, after) == f"{left}fn f() {{ g((1,)); }}\n"


@pytest.mark.parametrize(
    "rest",
    ["fn h(x: &PyTuple) {}\n", "m!(PyTuple);\n", "mod a { use super::PyTuple; fn h(x: &PyTuple) {} }\n"],
)
def test_an_import_that_is_used_elsewhere_stays(rest: str) -> None:
    before = f"use pyo3::types::PyTuple;\nfn f() {{ g(PyTuple::new(1)); }}\n{rest}"
    after = before.replace("PyTuple::new(1)", "(1,)")
    assert drop_new_unused_imports(before, after) == after


def test_an_import_that_was_unused_before_stays() -> None:
    before = 'use pyo3::types::{PyDict, PyTuple};\n/// A PyDict.\nfn f() { g("PyTuple", PyTuple::new(1)); }\n'
    after = before.replace("PyTuple::new(1)", "(1,)")
    assert drop_new_unused_imports(before, after) == after.replace("{PyDict, PyTuple}", "PyDict")
