//! Calls back, by way of a `Held`.

use pyo3::prelude::*;

use crate::runtime::{LoopBound, joined, spawn};

struct Kept {
    callback: LoopBound<Py<PyAny>>,
}

#[pyfunction]
pub fn call(py: Python<'_>, callback: Py<PyAny>) -> PyResult<Bound<'_, PyAny>> {
    let kept = Kept { callback: LoopBound::new(py, callback)? };
    let note = "Held";
    spawn(py, async move {
        let _ = note;
        kept.callback.with(|py, callback| callback.call0(py)).await
    })
}
