//! Bytes as text.

use std::str;

use pyo3::prelude::*;

#[pyfunction]
pub fn decode(py: Python<'_>, data: &[u8]) -> PyResult<String> {
    let text = std::str::from_utf8(data)?;
    py.detach(|| Ok(text.to_uppercase()))
}

#[pyfunction]
pub fn first(data: Vec<u8>) -> PyResult<Option<char>> {
    Ok(str::from_utf8(&data[..1])?.chars().next())
}

#[pyfunction]
pub fn wide(units: Vec<u16>) -> PyResult<String> {
    let text = String::from_utf16(&units)?;
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
