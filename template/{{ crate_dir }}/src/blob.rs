//! Bytes kept on the Rust side: Python gets results, and the data only on request.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyBytes;

use crate::kernel::{checksum, search};

/// Immutable bytes, kept outside Python.
#[pyclass(frozen)]
pub struct Blob {
    data: Box<[u8]>,
    exported: PyOnceLock<Py<PyBytes>>,
}

// Compiles only while the class is frozen: no borrow flag, nothing to lock.
const _: fn(&Py<Blob>) -> &Blob = Py::get;

#[pymethods]
impl Blob {
    #[new]
    fn new(data: &[u8]) -> Self {
        Self {
            data: data.into(),
            exported: PyOnceLock::new(),
        }
    }

    /// The Adler-32 checksum of the data.
    fn checksum(&self, py: Python<'_>) -> u32 {
        py.detach(|| checksum::checksum(&self.data))
    }

    /// Number of lines; the last one needs no line feed.
    fn line_count(&self, py: Python<'_>) -> usize {
        py.detach(|| search::line_count(&self.data))
    }

    /// The data as bytes: copied at the first call, the same object from then on.
    fn tobytes<'py>(&self, py: Python<'py>) -> &Bound<'py, PyBytes> {
        self.exported
            .get_or_init(py, || PyBytes::new(py, &self.data).unbind())
            .bind(py)
    }

    fn __len__(&self) -> usize {
        self.data.len()
    }
}
