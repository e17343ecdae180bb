//! Objects from C.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyNone};

#[pyfunction]
pub fn list(py: Python<'_>) -> PyResult<Py<PyList>> {
    unsafe { pyo3::Bound::from_owned_ptr_or_err(py, ffi::PyList_New(0)).map(|object| object.cast_into_unchecked().unbind()) }
}

pub fn dict(py: Python<'_>) -> Py<PyDict> {
    let dict: Py<PyDict> = unsafe { pyo3::Bound::from_owned_ptr(py, ffi::PyDict_New()).cast_into_unchecked().unbind() };
    dict
}

pub fn none(py: Python<'_>) -> Py<PyNone> {
    unsafe { pyo3::Bound::from_borrowed_ptr(py, ffi::Py_None()).cast_into_unchecked::<PyNone>().unbind() }
}

pub fn maybe(py: Python<'_>, pointer: *mut ffi::PyObject) -> Option<Py<PyAny>> {
    unsafe { pyo3::Bound::from_borrowed_ptr_or_opt(py, pointer).map(|object| object.cast_into_unchecked().unbind()) }
}

pub fn bound(py: Python<'_>) -> Bound<'_, PyAny> {
    unsafe { Bound::from_owned_ptr(py, ffi::PyDict_New()) }
}
