//! with_gil and allow_threads stay in texts.

use pyo3::prelude::*;
use pyo3::{PyErr};

/// Calls Python::with_gil.
pub fn total(numbers: Vec<u64>) -> PyResult<u64> {
    pyo3::Python::initialize();
    pyo3::Python::initialize();
    let sum = Python::attach(|py| -> Result<u64, PyErr> {
        // with_gil, then allow_threads
        Ok(py.detach(|| numbers.iter().sum()))
    })?;
    assert_eq!(Python::attach(|py| py.detach(|| 1)), 1, "with_gil");
    let name = pyo3::Python::attach(|_| "with_gil");
    let known = unsafe { Python::assume_attached() };
    let _ = unsafe { Python::attach_unchecked(|py| Python::detach(py, || name.len())) };
    Ok(sum + known.None().is_none(known) as u64)
}
