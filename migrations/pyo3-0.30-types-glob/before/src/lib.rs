//! Shared bytes.

use bytes::Bytes;
use pyo3::prelude::*;
use pyo3::types::*;

#[pyfunction]
pub fn length(data: &Bound<'_, PyBytes>) -> usize {
    let shared: Bytes = bytes::Bytes::copy_from_slice(data.as_bytes());
    shared.len() + pyo3::types::PyBytes::new(data.py(), b"bytes::Bytes").as_bytes().len()
}

pub fn buffer(list: &Bound<'_, PyList>) -> bytes::BytesMut {
    bytes::BytesMut::with_capacity(list.len())
}
