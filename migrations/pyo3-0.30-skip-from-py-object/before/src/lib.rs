//! Values.

use pyo3::prelude::*;

/// `skip_from_py_object` stands here too.
#[pyclass(skip_from_py_object)]
#[derive(Clone)]
pub struct Alone;

#[pyclass(frozen, skip_from_py_object)]
#[derive(Clone)]
pub struct Last {
    #[pyo3(get)]
    name: &'static str,
}

#[pyclass(skip_from_py_object, frozen, name = "skip_from_py_object")]
#[derive(Clone)]
pub struct First;

#[derive(Clone, Copy, PartialEq)]
#[pyclass(
    eq,
    skip_from_py_object,
    frozen,
)]
pub enum Lines {
    One,
    Two,
}

#[pyo3::pyclass(skip_from_py_object)]
#[derive(Clone)]
pub struct ByPath;
