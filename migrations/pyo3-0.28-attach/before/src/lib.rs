//! with_gil and allow_threads stay in texts.

use pyo3::prelude::*;
use pyo3::{prepare_freethreaded_python, PyErr};

/// Calls Python::with_gil.
pub fn total(numbers: Vec<u64>) -> PyResult<u64> {
    prepare_freethreaded_python();
    pyo3::prepare_freethreaded_python();
    let sum = Python::with_gil(|py| -> Result<u64, PyErr> {
        // with_gil, then allow_threads
        Ok(py.allow_threads(|| numbers.iter().sum()))
    })?;
    assert_eq!(Python::with_gil(|py| py.allow_threads(|| 1)), 1, "with_gil");
    let name = pyo3::Python::with_gil(|_| "with_gil");
    let known = unsafe { Python::assume_gil_acquired() };
    let _ = unsafe { Python::with_gil_unchecked(|py| Python::allow_threads(py, || name.len())) };
    Ok(sum + known.None().is_none(known) as u64)
}
