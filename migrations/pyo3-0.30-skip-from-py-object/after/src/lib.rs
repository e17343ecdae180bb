//! Values.

use pyo3::prelude::*;

/// `skip_from_py_object` stands here too.
#[pyclass]
#[derive(Clone)]
pub struct Alone;

#[pyclass(frozen)]
#[derive(Clone)]
pub struct Last {
    #[pyo3(get)]
    name: &'static str,
}

#[pyclass(frozen, name = "skip_from_py_object")]
#[derive(Clone)]
pub struct First;

#[derive(Clone, Copy, PartialEq)]
#[pyclass(
    eq,
    frozen,
)]
pub enum Lines {
    One,
    Two,
}

#[pyo3::pyclass]
#[derive(Clone)]
pub struct ByPath;
