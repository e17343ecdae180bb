//! A value for other extension modules.

use std::ffi::CStr;

use pyo3::prelude::*;
use pyo3::types::PyCapsule;

const NAME: &CStr = c"my_lib.api";

pub struct Api {
    pub version: u32,
}

#[pyfunction]
pub fn api(py: Python<'_>) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new(py, Api { version: 1 }, Some(NAME.to_owned()))
}

#[pyfunction]
pub fn number(py: Python<'_>) -> PyResult<Bound<'_, PyCapsule>> {
    let capsule = PyCapsule::new(py, 7_u32, Some(c"my_lib.number".into()))?;
    Ok(capsule)
}

pub fn logged(py: Python<'_>) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_destructor(py, 7_u32, Some(NAME.to_owned()), |value, _| {
        println!("{value} is gone");
    })
}
