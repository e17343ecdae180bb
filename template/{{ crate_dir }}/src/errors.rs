//! The exceptions of this package, and the Rust error that becomes one of them.

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(
    _core,
    TextError,
    PyException,
    "Base of all exceptions that this package defines."
);
create_exception!(
    _core,
    UnsupportedTypeError,
    TextError,
    "A value is of a type that has no fingerprint."
);
create_exception!(
    _core,
    NestingError,
    TextError,
    "A value is nested too deeply, or holds itself."
);

pub type Outcome<T> = Result<T, Failure>;

/// Why a function of the binding failed; `?` turns it into the Python exception.
#[derive(Debug)]
pub enum Failure {
    Unsupported {
        type_name: String,
    },
    TooDeep {
        limit: usize,
    },
    /// An exception that Python has raised already; it is passed on unchanged.
    Python(PyErr),
}

impl Failure {
    pub fn unsupported(value: &Bound<'_, PyAny>) -> Self {
        match value.get_type().qualname() {
            Ok(name) => Self::Unsupported {
                type_name: name.to_string(),
            },
            Err(error) => Self::Python(error),
        }
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unsupported { type_name } => UnsupportedTypeError::new_err(format!(
                "no fingerprint for a value of type {type_name}"
            )),
            Failure::TooDeep { limit } => {
                NestingError::new_err(format!("the value is nested more than {limit} levels deep"))
            }
            Failure::Python(error) => error,
        }
    }
}
