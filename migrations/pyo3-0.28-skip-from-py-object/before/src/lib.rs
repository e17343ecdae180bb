use pyo3::prelude::*;

// Of a #[pyclass] too.
#[pyclass]
#[derive(Clone)]
pub struct Point {
    x: u64,
}

#[pyclass(frozen)]
pub struct Plain;

#[pyfunction]
pub fn x(point: PyRef<'_, Point>) -> u64 {
    point.x
}
