//! Another library's `downcast`, which stays.

use std::any::Any;

use pyo3::prelude::*;
use pyo3::types::PyList;

pub fn number(value: Box<dyn Any>) -> Option<u32> {
    value.downcast::<u32>().ok().map(|value| *value)
}

pub fn inferred(value: Box<dyn Any>) -> Option<Box<u32>> {
    value.downcast().ok()
}

pub fn list(object: &Bound<'_, PyAny>) -> bool {
    object.downcast::<PyList>().is_ok()
}
