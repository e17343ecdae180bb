//! Without an import.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

pub fn header(py: Python<'_>) -> PyResult<Bound<'_, PyBytes>> {
    PyBytes::new_with_writer(py, 8, |writer: &mut dyn std::io::Write| Ok(writer.write_all(b"header: ")?))
}
