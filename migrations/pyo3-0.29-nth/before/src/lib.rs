//! The banned ones.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

/// The third character.
#[expect(clippy::disallowed_methods, reason = "of a text, not of a Python list")]
#[pyfunction]
pub fn third(text: &str) -> Option<char> {
    text.chars().nth(2)
}

pub fn last<'py>(list: &Bound<'py, PyList>) -> Option<Bound<'py, PyAny>> {
    #[expect(clippy::disallowed_methods)]
    let found = list.iter().nth_back(0);
    found
}

#[expect(clippy::disallowed_methods, reason = "both of them")]
pub fn other(py: Python<'_>, text: &str) -> PyResult<usize> {
    Ok(PyTuple::new(py, text.chars().nth(1))?.len())
}
