//! How often an object is referred to.

use pyo3::prelude::*;

#[pyfunction]
pub fn references(object: &Bound<'_, PyAny>) -> isize {
    unsafe { pyo3::ffi::Py_REFCNT(object.as_ptr()) }
}

pub fn kept(py: Python<'_>, object: &Py<PyAny>) -> bool {
    (unsafe { pyo3::ffi::Py_REFCNT(object.as_ptr()) }) > 1
}
