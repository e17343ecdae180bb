//! Bytes as text.

use std::str;

use pyo3::prelude::*;

#[pyfunction]
pub fn decode(py: Python<'_>, data: &[u8]) -> PyResult<String> {
    let text = std::str::from_utf8(data).map_err(|error| pyo3::exceptions::PyUnicodeDecodeError::new_err_from_utf8(py, data, error))?;
    py.detach(|| Ok(text.to_uppercase()))
}

#[pyfunction]
pub fn first(data: Vec<u8>) -> PyResult<Option<char>> {
    Ok(str::from_utf8(&data[..1]).map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))?.chars().next())
}

#[pyfunction]
pub fn wide(units: Vec<u16>) -> PyResult<String> {
    let text = String::from_utf16(&units).map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))?;
    Ok(text)
}

/// The error is Rust's own here.
pub fn plain(data: &[u8]) -> Result<&str, std::str::Utf8Error> {
    let text = std::str::from_utf8(data)?;
    Ok(text.trim())
}

/// What it takes over stays convertible.
#[pyfunction]
pub fn owned(data: Vec<u8>) -> PyResult<String> {
    Ok(String::from_utf8(data)?)
}
