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
    // Only `bytes` never change. Any other buffer may be written by another thread at any moment,
    // with the interpreter detached or free-threaded, so a slice of it would be unsound: it is
    // copied once, by the interpreter, which also gathers strided views.
    let copy = PyBuffer::<u8>::get(data)?.to_vec(py)?;
    Ok(py.detach(|| kernel::checksum::checksum(&copy)))
}
