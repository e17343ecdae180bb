//! The project's own errors, which are called like PyO3's.

use pyo3::exceptions::PyException;
use pyo3::prelude::*;

mod made {
    pyo3::create_exception!(own, DowncastError, super::PyException);
}

#[pyclass(eq, eq_int, from_py_object)]
#[derive(Clone, PartialEq)]
pub enum Kind {
    DowncastError,
    Other,
}

pub enum Failure {
    DowncastIntoError(String),
}

pub fn kinds() -> (Kind, Failure) {
    (Kind::DowncastError, Failure::DowncastIntoError(String::new()))
}

pub fn of_pyo3(error: pyo3::DowncastError<'_, '_>) -> String {
    error.to_string()
}

pub fn error(value: Box<dyn std::error::Error>) -> bool {
    value.downcast::<std::io::Error>().is_ok()
}
