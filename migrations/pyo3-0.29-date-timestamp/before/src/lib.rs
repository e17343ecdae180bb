//! Dates.

use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateTime};

#[pyfunction]
pub fn day<'py>(py: Python<'py>, seconds: i64) -> PyResult<Bound<'py, PyDate>> {
    PyDate::from_timestamp(py, seconds)
}

pub fn next_day<'py>(py: Python<'py>, seconds: i64) -> PyResult<Bound<'py, PyDate>> {
    PyDate::from_timestamp(py, seconds + 86_400)
}

pub fn epoch(py: Python<'_>) -> PyResult<Bound<'_, PyDate>> {
    pyo3::types::PyDate::from_timestamp(py, 0)
}

pub fn moment(py: Python<'_>) -> PyResult<Bound<'_, PyDateTime>> {
    PyDateTime::from_timestamp(py, 0.0, None)
}
