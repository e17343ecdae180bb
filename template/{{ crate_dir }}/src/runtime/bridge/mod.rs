//! Rust futures as asyncio awaitables, by the completion queue of `crates/completion-queue`.

use std::future::Future;

use pyo3::prelude::*;

use super::runtime;

pub(crate) use pyo3_completion_queue::LoopBound;

/// Runs a Rust future on the worker threads; returns an asyncio future.
///
/// Every Python object that the future owns must be in a [`LoopBound`].
pub(crate) fn spawn<F, T, E>(py: Python<'_>, future: F) -> PyResult<Bound<'_, PyAny>>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: for<'a> IntoPyObject<'a> + Send + 'static,
    E: Into<PyErr> + Send + 'static,
{
    pyo3_completion_queue::spawn(py, runtime(py)?.handle(), future)
}

/// Polls a Rust future on the event loop's thread; returns an asyncio future.
///
/// For a future that only waits. It may own and drop any Python object.
pub(crate) fn drive<F, T, E>(py: Python<'_>, future: F) -> PyResult<Bound<'_, PyAny>>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: for<'a> IntoPyObject<'a> + Send + 'static,
    E: Into<PyErr> + Send + 'static,
{
    pyo3_completion_queue::drive(py, runtime(py)?.handle(), future)
}
