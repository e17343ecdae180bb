//! Buffers.

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

#[pyfunction]
pub fn total(py: Python<'_>, data: PyBuffer<f64>) -> PyResult<f64> {
    let values = data.is_c_contiguous().then(|| data.to_vec(py).ok()).flatten()
        .ok_or_else(|| PyValueError::new_err("not contiguous"))?;
    Ok(values.iter().copied().sum())
}

#[pyfunction]
pub fn largest(py: Python<'_>, data: PyBuffer<u8>) -> Option<u8> {
    if let Some(bytes) = data.is_c_contiguous().then(|| data.to_vec(py).ok()).flatten() {
        return bytes.iter().copied().max();
    }
    None
}

/// One column after the other.
pub fn columns(py: Python<'_>, data: &PyBuffer<f32>) -> usize {
    let Some(values) = data.is_fortran_contiguous().then(|| data.to_fortran_vec(py).ok()).flatten() else {
        return 0;
    };
    if values[0] > 0.0 { values.len() } else { 0 }
}

pub fn positive(py: Python<'_>, data: &PyBuffer<i64>) -> Option<usize> {
    let values = data.is_c_contiguous().then(|| data.to_vec(py).ok()).flatten().map(|values| values.into_iter().map(std::cell::Cell::new).collect::<Vec<_>>())?;
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
    // SAFETY: nobody else may read or write the buffer while this is in use.
    #[expect(unsafe_code, reason = "a buffer is changed in place")]
    let values = (!data.readonly()).then(|| data.as_slice_ptr()).flatten().map(|mut values| unsafe { std::cell::Cell::from_mut(values.as_mut()).as_slice_of_cells() })
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
