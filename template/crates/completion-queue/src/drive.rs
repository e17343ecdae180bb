//! Futures for the event loop's thread.

use std::future::Future;

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use tokio::runtime::Handle;

use crate::dispatcher::Dispatcher;
use crate::job::Finish;
use crate::pending::{Body, Driven, Source};

/// Polls a Rust future on the event loop's thread, once before this returns; returns an asyncio
/// future.
///
/// It costs no trip to a worker, so it is for futures that only wait: for a timer, a channel, a
/// Tokio task. It may own and drop any Python object. `runtime` is entered for each poll.
///
/// # Errors
///
/// Without a running event loop, or with one that cannot be used.
pub fn drive<'py, F, T, E>(
    py: Python<'py>,
    runtime: &Handle,
    future: F,
) -> PyResult<Bound<'py, PyAny>>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: for<'a> IntoPyObject<'a> + Send + 'static,
    E: Into<PyErr> + Send + 'static,
{
    let dispatcher = Dispatcher::current(py)?;
    let dispatcher = dispatcher.get();
    let id = dispatcher.next_id();
    let body: Body = Box::pin(async move {
        let output = future.await;
        let finish: Finish = Box::new(move |py| match output {
            Ok(value) => value.into_py_any(py),
            Err(error) => Err(error.into()),
        });
        finish
    });
    let driven = Driven {
        body: Some(body),
        again: false,
        runtime: runtime.clone(),
    };
    let opened = dispatcher.open(py, id, Source::Driven(driven))?;
    dispatcher.poll(py, id)?;
    Ok(opened)
}
