use pyo3::prelude::*;

// A #[pyclass].
#[pyclass]
#[derive(Clone, Copy)]
pub enum Colour {
    Red,
    Green = 5,
}

#[pyclass(module = "paint")]
#[derive(PartialEq)]
pub enum Kind {
    Wide,
}

#[pyclass(eq, eq_int)]
#[derive(PartialEq)]
pub enum Done {
    Yes,
}

#[pyclass]
pub enum Shape {
    Circle { radius: f64 },
}
