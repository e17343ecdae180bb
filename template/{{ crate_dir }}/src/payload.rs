//! Bytes as `bytes::Bytes`: Python's own memory, shared by every slice of it.

use bytes::Bytes;
use pyo3::prelude::*;

use crate::kernel::checksum;

/// Immutable bytes whose slices share memory.
#[pyclass(frozen)]
pub struct Payload {
    // If made from Python `bytes`, it owns a reference to that object and must be dropped while
    // attached. Detached code and other threads may borrow it, but must not own it.
    data: Bytes,
}

// Compiles only while the class is frozen: no borrow flag, nothing to lock.
const _: fn(&Py<Payload>) -> &Payload = Py::get;

#[pymethods]
impl Payload {
    /// `bytes` are kept without a copy; a bytearray is copied, because it can change.
    #[new]
    fn new(data: Bytes) -> Self {
        Self { data }
    }

    /// The bytes from `start` up to `stop`, both cut to the length; the memory is shared.
    fn slice(&self, start: usize, stop: usize) -> Self {
        let stop = stop.min(self.data.len());
        Self {
            data: self.data.slice(start.min(stop)..stop),
        }
    }

    /// The Adler-32 checksum of the data.
    fn checksum(&self, py: Python<'_>) -> u32 {
        py.detach(|| checksum::checksum(&self.data))
    }

    /// A copy of the data as bytes.
    fn tobytes(&self) -> &Bytes {
        &self.data
    }

    fn __len__(&self) -> usize {
        self.data.len()
    }
}
