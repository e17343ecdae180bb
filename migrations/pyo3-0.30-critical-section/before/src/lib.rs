//! Two objects at once.

use pyo3::prelude::*;
use pyo3::sync::{PyOnceLock, with_critical_section};
use pyo3::types::PyList;

pub static LISTS: PyOnceLock<Py<PyList>> = PyOnceLock::new();

#[pyfunction]
pub fn total(one: &Bound<'_, PyList>, other: &Bound<'_, PyList>) -> usize {
    let first = with_critical_section(one, || one.len());
    first + pyo3::sync::with_critical_section2(one, other, || other.len())
}
