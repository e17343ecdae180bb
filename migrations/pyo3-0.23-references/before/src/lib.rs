// &PyAny and &PyModule.
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

#[pyfunction]
pub fn count(items: &PyList, known: Option<&PyDict>) -> usize {
    items.len() + known.map_or(0, |dict| dict.len())
}

pub fn longer<'py>(one: &'py PyAny, other: &PyAny) -> PyResult<bool> {
    Ok(one.len()? > other.len()?)
}

#[pymodule]
pub fn counting(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(count, m)?)
}
