//! A class and its subclasses.

use pyo3::exceptions::PyValueError;
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
        let (length, _) = (length, length);
        (
            Self { length },
            Shape { sides: 4 },
        )
    }

    fn sizes(&self) -> (f64, f64) {
        (self.length, self.length)
    }
}

#[pyclass(extends = Shape, frozen)]
pub struct Polygon {
    #[pyo3(get)]
    length: f64,
}

#[pymethods]
impl Polygon {
    /// A polygon whose sides are all of one length.
    #[new]
    #[pyo3(signature = (sides, length = 1.0))]
    fn new(sides: u32, length: f64) -> PyResult<(Self, Shape)> {
        if sides < 3 {
            return Err(PyValueError::new_err("too few sides"));
        }
        Ok((Self { length }, Shape { sides }))
    }
}
