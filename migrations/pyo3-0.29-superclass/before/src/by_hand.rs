//! A constructor whose tuple is made elsewhere.

use pyo3::prelude::*;

#[pyclass(subclass, frozen)]
pub struct Shape {
    #[pyo3(get)]
    sides: u32,
}

#[pyclass(extends = Shape, frozen)]
pub struct Square {
    #[pyo3(get)]
    length: f64,
}

#[pymethods]
impl Square {
    #[new]
    fn new(length: f64) -> (Self, Shape) {
        pair(length)
    }
}

fn pair(length: f64) -> (Square, Shape) {
    (Square { length }, Shape { sides: 4 })
}

#[pyclass(extends = Shape, frozen)]
pub struct Circle;

#[pymethods]
impl Circle {
    #[new]
    fn new() -> (Self, Shape) {
        (
            // Nothing of its own.
            Self,
            Shape { sides: 0 },
        )
    }
}
