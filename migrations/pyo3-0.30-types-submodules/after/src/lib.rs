//! Helpers.

use pyo3::prelude::*;
use pyo3::types::frozenset::PyFrozenSetBuilder;
use pyo3::types::{PyFrozenSet, PySlice, slice::PySliceIndices};

#[pyfunction]
pub fn squares(py: Python<'_>, up_to: u64) -> PyResult<Bound<'_, PyFrozenSet>> {
    let mut builder = PyFrozenSetBuilder::new(py)?;
    for number in 0..up_to {
        builder.add(number * number)?;
    }
    Ok(builder.finalize())
}

pub fn indices(slice: &Bound<'_, PySlice>) -> PyResult<PySliceIndices> {
    slice.indices(10)
}

pub fn code() -> pyo3::types::code::PyCodeInput {
    pyo3::types::code::PyCodeInput::Eval
}
