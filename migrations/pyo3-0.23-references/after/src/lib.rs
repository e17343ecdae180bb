// &PyAny and &PyModule.
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

#[pyfunction]
pub fn count(items: &Bound<'_, PyList>, known: Option<&Bound<'_, PyDict>>) -> usize {
    items.len() + known.map_or(0, |dict| dict.len())
}

pub fn longer<'py>(one: &Bound<'py, PyAny>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(one.len()? > other.len()?)
}

#[pymodule]
pub fn counting(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(count, m)?)
}
