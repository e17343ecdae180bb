//! How often an object is referred to.

use pyo3::prelude::*;

#[pyfunction]
pub fn references(object: &Bound<'_, PyAny>) -> isize {
    object.get_refcnt()
}

pub fn kept(py: Python<'_>, object: &Py<PyAny>) -> bool {
    object.get_refcnt(py) > 1
}
