//! Bytes written in place.

use std::io::Write;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

#[pyfunction]
pub fn header(py: Python<'_>) -> PyResult<Bound<'_, PyBytes>> {
    PyBytes::new_with_writer(py, 8, |writer: &mut dyn Write| {
        writer.write_all(b"header: ")?;
        Ok(())
    })
}

pub fn plain(py: Python<'_>) -> PyResult<Bound<'_, PyBytes>> {
    PyBytes::new_with_writer(py, 8, |writer| Ok(writer.write_all(b"plain")?))
}
