//! Classes, some of which are taken by value.

mod other;

use pyo3::prelude::*;

/// Taken as an argument, in another file.
#[pyclass]
#[derive(Clone)]
pub struct Argument {
    #[pyo3(get, set)]
    level: Level,
}

/// Set by Python.
#[derive(Clone, Copy, PartialEq)]
#[pyclass(eq, frozen)]
pub enum Level {
    Low,
    High,
}

/// Taken out of an object.
#[pyo3::pyclass(
    frozen,
    name = "Extracted",
)]
#[derive(Debug, Clone)]
pub struct Extracted {
    pub value: u32,
}

/// Cloned by hand.
#[pyclass(frozen)]
pub struct Manual(pub u32);

impl Clone for Manual {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

/// Only borrowed.
#[pyclass(frozen)]
#[derive(Clone)]
pub struct Borrowed {
    pub name: String,
}

/// It asks already.
#[pyclass(from_py_object)]
#[derive(Clone)]
pub struct Asks;

/// It cannot be cloned.
#[pyclass(frozen)]
pub struct Single;

#[pymethods]
impl Borrowed {
    #[new]
    fn new(name: String) -> Self {
        Borrowed { name }
    }

    fn longer(&self, other: &Borrowed, third: PyRef<'_, Borrowed>) -> bool {
        self.name.len() > other.name.len().max(third.name.len())
    }

    fn copied(&self) -> Borrowed {
        self.clone()
    }
}
