//! The asyncio future of a task, from both of its ends.

use std::sync::Arc;

use pyo3::exceptions::{PyException, PyTypeError};
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit, intern};
use tokio::task::AbortHandle;

use super::drive::Driven;
use super::port::Port;
use super::queue::Queue;

pyo3::import_exception!(asyncio, InvalidStateError);

tokio::task_local! {
    /// The future that is being polled: its number, and the queue of its loop.
    pub(super) static POLLED: (u64, Arc<Queue>);
}

/// What makes an asyncio future come to its end.
pub(super) enum Source {
    Task(AbortHandle),
    Driven(Driven),
}

pub(super) struct Waiting {
    pub(super) future: Py<PyAny>,
    pub(super) on_done: Py<OnDone>,
    pub(super) source: Source,
}

impl Waiting {
    pub(super) fn abort(&self) {
        if let Source::Task(task) = &self.source {
            task.abort();
        }
    }

    /// Without an outcome the future is cancelled. Fails only by what is meant for the loop's caller.
    pub(super) fn complete(
        &self,
        py: Python<'_>,
        outcome: Option<PyResult<Py<PyAny>>>,
    ) -> PyResult<()> {
        let future = self.future.bind(py);
        let completed = future
            .call_method1(intern!(py, "remove_done_callback"), (&self.on_done,))
            .and_then(|_| complete(future, outcome));
        match completed {
            // Cancelled a moment ago, it takes no result, and nobody asks for one.
            Err(error) if error.is_instance_of::<InvalidStateError>(py) => Ok(()),
            Err(error) if error.is_instance_of::<PyException>(py) => {
                error.write_unraisable(py, Some(future));
                Ok(())
            }
            // An interrupt by the keyboard may come out of any call, and goes on.
            other => other,
        }
    }
}

fn complete(future: &Bound<'_, PyAny>, outcome: Option<PyResult<Py<PyAny>>>) -> PyResult<()> {
    let py = future.py();
    match outcome {
        None => future.call_method0(intern!(py, "cancel"))?,
        Some(Ok(value)) => future.call_method1(intern!(py, "set_result"), (value,))?,
        Some(Err(error)) => {
            let set_exception = intern!(py, "set_exception");
            future
                .call_method1(set_exception, (&error,))
                .or_else(|refused| {
                    // asyncio takes no StopIteration, and says so.
                    if !refused.is_instance_of::<PyTypeError>(py) {
                        return Err(refused);
                    }
                    refused.set_cause(py, Some(error));
                    future.call_method1(set_exception, (refused,))
                })?
        }
    };
    Ok(())
}

/// Called when Python ends a future: by a cancel or a timeout.
#[pyclass(frozen)]
pub(super) struct OnDone {
    port: Py<Port>,
    id: u64,
}

impl OnDone {
    pub(super) fn new(port: &Bound<'_, Port>, id: u64) -> Self {
        let port = port.clone().unbind();
        Self { port, id }
    }
}

#[pymethods]
impl OnDone {
    fn __call__(&self, py: Python<'_>, _future: &Bound<'_, PyAny>) {
        self.port.get().forget(py, self.id);
    }

    #[allow(clippy::needless_pass_by_value, reason = "the signature is given")]
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.port)
    }
}
