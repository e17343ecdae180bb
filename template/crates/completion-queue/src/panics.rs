//! Panics as Python exceptions.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::panic::PanicException;
use pyo3::prelude::*;

/// Runs `f` and returns a panic as an error, so that it affects only one job.
pub(crate) fn catch<R>(f: impl FnOnce() -> R) -> PyResult<R> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|payload| panic_error(&*payload))
}

/// The exception for a panic. It owns no Python object before it is raised.
pub(crate) fn panic_error(payload: &(dyn Any + Send)) -> PyErr {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    PanicException::new_err(text.unwrap_or("panic in Rust code").to_owned())
}
