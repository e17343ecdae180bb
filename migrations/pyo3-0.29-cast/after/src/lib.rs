//! What `downcast` did.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use pyo3::{CastError, CastIntoError};

#[pyclass(frozen)]
pub struct Token;

/// How many items there are; `downcast` in a comment stays, and so does "downcast" in a text.
#[pyfunction]
pub fn items(object: &Bound<'_, PyAny>) -> PyResult<usize> {
    if let Ok(dict) = object.cast::<PyDict>() {
        return Ok(dict.len());
    }
    if object.cast_exact::<PyString>().is_ok() || object.cast::<Token>().is_ok() {
        return Ok("downcast".len());
    }
    debug_assert!(object.cast::<PyDict>().is_err(), "no downcast::<PyDict>()");
    Ok(object
        // It is a list by now.
        .cast::<PyList>()?
        .len())
}

pub fn owned(object: Bound<'_, PyAny>) -> Result<Bound<'_, PyList>, CastIntoError<'_>> {
    object.cast_into()
}

pub fn borrowed<'a, 'py>(object: &'a Bound<'py, PyAny>) -> Result<&'a Bound<'py, PyList>, CastError<'a, 'py>> {
    object.cast()
}

pub fn detached(py: Python<'_>, object: &Py<PyAny>) -> PyResult<usize> {
    Ok(object.cast_bound::<PyList>(py)?.len())
}

pub fn all(objects: &[Bound<'_, PyAny>]) -> bool {
    objects.iter().map(Bound::cast::<PyList>).all(|list| list.is_ok())
}
