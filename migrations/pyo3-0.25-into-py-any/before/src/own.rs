use pyo3::prelude::*;

pub struct Tool;

impl Tool {
    pub fn to_object(&self) -> usize {
        1
    }
}

#[pyfunction]
pub fn used() -> usize {
    Tool.to_object()
}
