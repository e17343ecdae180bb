//! Functions with a token.

use pyo3::prelude::*;

#[pyfunction]
pub fn version(_py: Python<'_>) -> &'static str {
    pyo3::Python::version_str()
}

pub fn used(py: Python<'_>) -> String {
    format!("{} {:?}", pyo3::Python::version_str(), py.version_info())
}

#[allow(unused_variables)]
pub fn other(py: Python<'_>) -> u8 {
    0
}
