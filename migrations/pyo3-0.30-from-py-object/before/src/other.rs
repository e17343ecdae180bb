//! What takes them.

use pyo3::prelude::*;

use super::{Argument, Asks, Extracted, Manual, Single};

#[pyfunction]
pub fn all(arguments: Vec<Argument>, asks: Asks, single: &Bound<'_, Single>) -> usize {
    let _ = (asks, single.get());
    arguments.len()
}

#[pyfunction]
pub fn value(object: &Bound<'_, PyAny>) -> PyResult<u32> {
    let extracted = object.extract::<Extracted>()?;
    let manual: Manual = object.extract()?;
    Ok(extracted.value + manual.0)
}
