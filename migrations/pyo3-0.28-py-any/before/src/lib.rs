//! PyObject stays in texts.

use pyo3::prelude::*;
use pyo3::{PyObject, PyTypeInfo};

/// Holds a PyObject.
#[pyclass]
pub struct Holder {
    inner: PyObject,
    all: Vec<PyObject>,
}

pub fn first(py: Python<'_>, holder: &Holder, raw: *mut pyo3::ffi::PyObject) -> Option<PyObject> {
    let _ = (raw, "PyObject", PyAny::type_object_raw(py)); // PyObject
    assert!(holder.all.iter().map(|one| PyObject::clone_ref(one, py)).count() < 9);
    holder.all.first().map(|one: &pyo3::PyObject| one.clone_ref(py)).or(Some(holder.inner.clone_ref(py)))
}
