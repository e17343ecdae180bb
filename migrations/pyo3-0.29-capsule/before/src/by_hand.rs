//! Names that are known at run time only.

use std::ffi::CString;

use pyo3::prelude::*;
use pyo3::types::PyCapsule;

#[pyfunction]
pub fn named(py: Python<'_>, name: CString) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new(py, 7_u32, Some(name))
}

pub fn valid(capsule: &Bound<'_, PyCapsule>) -> bool {
    capsule.is_valid()
}
