use pyo3::prelude::*;

// A #[pyclass].
#[pyclass(eq, eq_int)]
#[derive(Clone, Copy)]
#[derive(PartialEq)]
pub enum Colour {
    Red,
    Green = 5,
}

#[pyclass(eq, eq_int, module = "paint")]
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
