//! What `downcast` did.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use pyo3::{DowncastError, DowncastIntoError};

#[pyclass(frozen)]
pub struct Token;

/// How many items there are; `downcast` in a comment stays, and so does "downcast" in a text.
#[pyfunction]
pub fn items(object: &Bound<'_, PyAny>) -> PyResult<usize> {
    if let Ok(dict) = object.downcast::<PyDict>() {
        return Ok(dict.len());
    }
    if object.downcast_exact::<PyString>().is_ok() || object.downcast::<Token>().is_ok() {
        return Ok("downcast".len());
    }
    debug_assert!(object.downcast::<PyDict>().is_err(), "no downcast::<PyDict>()");
    Ok(object
        // It is a list by now.
        .downcast::<PyList>()?
        .len())
}

pub fn owned(object: Bound<'_, PyAny>) -> Result<Bound<'_, PyList>, DowncastIntoError<'_>> {
    object.downcast_into()
}

pub fn borrowed<'a, 'py>(object: &'a Bound<'py, PyAny>) -> Result<&'a Bound<'py, PyList>, DowncastError<'a, 'py>> {
    object.downcast()
}

pub fn detached(py: Python<'_>, object: &Py<PyAny>) -> PyResult<usize> {
    Ok(object.downcast_bound::<PyList>(py)?.len())
}

pub fn all(objects: &[Bound<'_, PyAny>]) -> bool {
    objects.iter().map(Bound::downcast::<PyList>).all(|list| list.is_ok())
}
