from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\nuse pyo3::types::{self, PyCFunction, PyCFunction as Made};\n"


@pytest.mark.parametrize(
    ("call", "pyo3", "found"),
    [
        ("PyCFunction::new_closure(py, None, None, f)?", "0.28.3", "PyCFunction::new_closure"),
        ("PyCFunction::new_closure_bound(py, None, None, f)?", "0.22", "PyCFunction::new_closure_bound"),
        ("pyo3::types::PyCFunction::new_closure(py, None, None, f)", "0.28", "pyo3::types::PyCFunction::new_closure"),
        ("Made::new_closure(py, None, None, f)", "0.25", "Made::new_closure"),
        ("types::PyCFunction::new_closure(py, None, None, |_, _| 1)", "0.28", "types::PyCFunction::new_closure"),
    ],
)
def test_a_closure_for_python_is_found(call: str, pyo3: str, found: str) -> None:
    assert spots("PYO172", f"{HEAD}fn f(py: Python<'_>) {{ {call}; }}", pyo3=pyo3) == [found]


@pytest.mark.parametrize(
    ("call", "pyo3"),
    [
        ("PyCFunction::new_closure(py, None, None, f)", "0.29"),
        ("PyCFunction::new_closure(py, None, None, f)", "0.30.1"),
        ('PyCFunction::new(py, f, c"f", c"", None)', "0.28"),
        ("Other::new_closure(py, f)", "0.28"),
        ("new_closure(py, f)", "0.28"),
        ("thing.new_closure(py, f)", "0.28"),
        ("wrap_pyfunction!(f, m)", "0.28"),
    ],
)
def test_nothing_is_said_of_others(call: str, pyo3: str) -> None:
    assert check("PYO172", f"{HEAD}fn f(py: Python<'_>) {{ {call}; }}", pyo3=pyo3) == []
