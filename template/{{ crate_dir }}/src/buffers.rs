//! Bytes from any object with the buffer protocol.

use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::kernel;

/// The Adler-32 checksum of `data`: bytes, or any other buffer of bytes.
#[pyfunction]
pub fn checksum(data: &Bound<'_, PyAny>) -> PyResult<u32> {
    let py = data.py();
    if let Ok(bytes) = data.cast::<PyBytes>() {
        let bytes = bytes.as_bytes();
        return Ok(py.detach(|| kernel::checksum::checksum(bytes)));
    }
    // Only `bytes` never change. Another thread may write to any other buffer at any moment, with
    // the interpreter detached or free-threaded, so a slice of it would be unsound: the interpreter
    // copies it once, which also gathers strided views.
    let copy = PyBuffer::<u8>::get(data)?.to_vec(py)?;
    Ok(py.detach(|| kernel::checksum::checksum(&copy)))
}
