//! PyObject stays in texts.

use pyo3::prelude::*;
use pyo3::{PyTypeInfo};

/// Holds a PyObject.
#[pyclass]
pub struct Holder {
    inner: Py<PyAny>,
    all: Vec<Py<PyAny>>,
}

pub fn first(py: Python<'_>, holder: &Holder, raw: *mut pyo3::ffi::PyObject) -> Option<Py<PyAny>> {
    let _ = (raw, "PyObject", PyAny::type_object_raw(py)); // PyObject
    assert!(holder.all.iter().map(|one| Py::<PyAny>::clone_ref(one, py)).count() < 9);
    holder.all.first().map(|one: &pyo3::Py<pyo3::PyAny>| one.clone_ref(py)).or(Some(holder.inner.clone_ref(py)))
}
