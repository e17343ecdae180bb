//! Where there is no statement to mark.

use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;

#[pyfunction]
pub fn clear(py: Python<'_>, data: PyBuffer<u8>) {
    if let Some(bytes) = data.as_mut_slice(py) {
        for byte in bytes {
            byte.set(0);
        }
    }
}

pub fn length(py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<Option<usize>> {
    Ok(PyBuffer::<u8>::get(data)?.as_slice(py).map(|bytes| bytes.len()))
}
