//! Buffers.

use pyo3::buffer::{PyBuffer, ReadOnlyCell};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

#[pyfunction]
pub fn total(py: Python<'_>, data: PyBuffer<f64>) -> PyResult<f64> {
    let values = data
        .as_slice(py)
        .ok_or_else(|| PyValueError::new_err("not contiguous"))?;
    Ok(values.iter().map(|value| value.get()).sum())
}

#[pyfunction]
pub fn largest(py: Python<'_>, data: PyBuffer<u8>) -> Option<u8> {
    if let Some(bytes) = data.as_slice(py) {
        return bytes.iter().map(ReadOnlyCell::get).max();
    }
    None
}

/// One column after the other.
pub fn columns(py: Python<'_>, data: &PyBuffer<f32>) -> usize {
    let Some(values) = data.as_fortran_slice(py) else {
        return 0;
    };
    if values[0].get() > 0.0 { values.len() } else { 0 }
}

pub fn positive(py: Python<'_>, data: &PyBuffer<i64>) -> Option<usize> {
    let values = data.as_slice(py)?;
    let mut count = 0;
    for value in values {
        if value.get() > 0 {
            count += 1;
        }
    }
    Some(count)
}

#[pyfunction]
pub fn scale(py: Python<'_>, data: PyBuffer<f64>, factor: f64) -> PyResult<()> {
    let values = data
        .as_mut_slice(py)
        .ok_or_else(|| PyValueError::new_err("read-only or not contiguous"))?;
    for value in values {
        value.set(value.get() * factor);
    }
    Ok(())
}

/// A vector's slice is another thing.
pub fn first(values: &Vec<u8>) -> Option<&u8> {
    values.as_slice().first()
}
