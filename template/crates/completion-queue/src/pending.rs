//! The asyncio futures that are not done, and their sources.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::{PyException, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::{PyTraverseError, PyVisit, intern};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::job::Finish;
use crate::panics::catch;

pyo3::import_exception!(asyncio, InvalidStateError);

pub(crate) type Body = Pin<Box<dyn Future<Output = Finish> + Send>>;

/// A future that the loop's thread polls.
pub(crate) struct Driven {
    /// None while it is polled.
    pub(crate) body: Option<Body>,
    /// Woken while it was polled by a loop that runs within the poll.
    pub(crate) again: bool,
    pub(crate) runtime: Handle,
}

/// What completes an asyncio future.
pub(crate) enum Source {
    Task(AbortHandle),
    Driven(Driven),
}

struct Pending {
    future: Py<PyAny>,
    on_done: Py<OnDone>,
    source: Source,
}

impl Pending {
    fn abort(&self) {
        if let Source::Task(task) = &self.source {
            task.abort();
        }
    }
}

/// The asyncio futures of one loop, by their numbers. Used attached only.
#[derive(Default)]
pub(crate) struct PendingFutures {
    futures: Mutex<HashMap<u64, Pending>>,
    next_id: AtomicU64,
}

impl PendingFutures {
    fn futures<'a>(&'a self, py: Python<'a>) -> MutexGuard<'a, HashMap<u64, Pending>> {
        self.futures
            .lock_py_attached(py)
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn next_id(&self) -> u64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Creates an asyncio future of the loop, under this number.
    pub(crate) fn open<'py>(
        self: &Arc<Self>,
        event_loop: &Bound<'py, PyAny>,
        id: u64,
        source: Source,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = event_loop.py();
        let future = event_loop.call_method0(intern!(py, "create_future"))?;
        let pending = Arc::clone(self);
        let on_done = Bound::new(py, OnDone { pending, id })?;
        future.call_method1(intern!(py, "add_done_callback"), (&on_done,))?;
        let pending = Pending {
            future: future.clone().unbind(),
            on_done: on_done.unbind(),
            source,
        };
        self.futures(py).insert(id, pending);
        Ok(future)
    }

    /// Whether Python still waits for the future of this number.
    pub(crate) fn is_awaited(&self, py: Python<'_>, id: u64) -> bool {
        let futures = self.futures(py);
        let future = futures.get(&id).map(|pending| pending.future.clone_ref(py));
        drop(futures);
        // A cancelled future is done at once; its callback only runs in the loop's next turn.
        future.is_some_and(|future| {
            let done = future.call_method0(py, intern!(py, "done"));
            !done.is_ok_and(|done| done.is_truthy(py).unwrap_or(false))
        })
    }

    /// Calls `f` with the driven future of this number.
    pub(crate) fn with_driven<R>(
        &self,
        py: Python<'_>,
        id: u64,
        f: impl FnOnce(&mut Driven) -> R,
    ) -> Option<R> {
        match &mut self.futures(py).get_mut(&id)?.source {
            Source::Driven(driven) => Some(f(driven)),
            Source::Task(_) => None,
        }
    }

    /// Completes a future; without an outcome it is cancelled. An error is to interrupt the loop.
    pub(crate) fn complete(
        &self,
        py: Python<'_>,
        id: u64,
        outcome: Option<PyResult<Py<PyAny>>>,
    ) -> PyResult<()> {
        let pending = self.futures(py).remove(&id);
        let Some(pending) = pending else {
            return Ok(());
        };
        let future = pending.future.bind(py);
        let completed = future
            .call_method1(intern!(py, "remove_done_callback"), (&pending.on_done,))
            .and_then(|_| set_outcome(future, outcome));
        match completed {
            // It was cancelled a moment ago, so it accepts no result, and none is needed.
            Err(error) if error.is_instance_of::<InvalidStateError>(py) => Ok(()),
            Err(error) if error.is_instance_of::<PyException>(py) => {
                error.write_unraisable(py, Some(future));
                Ok(())
            }
            // Any call may raise a `KeyboardInterrupt`, which has to reach the caller of the loop.
            other => other,
        }
    }

    /// Python has ended the future of this number.
    fn forget(&self, py: Python<'_>, id: u64) {
        let pending = self.futures(py).remove(&id);
        if let Some(pending) = pending {
            pending.abort();
        }
    }

    /// Drops all futures: their results are no longer needed.
    pub(crate) fn abandon(&self, py: Python<'_>) {
        let futures = std::mem::take(&mut *self.futures(py));
        for pending in futures.into_values() {
            pending.abort();
            if let Err(panic) = catch(|| drop(pending)) {
                panic.write_unraisable(py, None);
            }
        }
    }

    /// For the garbage collector. What driven futures own cannot be visited: a cycle through them
    /// exists until they are done.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        // If it is locked, it is in use, and so are the futures.
        let Ok(futures) = self.futures.try_lock() else {
            return Ok(());
        };
        futures.values().try_for_each(|pending| {
            visit.call(&pending.future)?;
            visit.call(&pending.on_done)
        })
    }
}

fn set_outcome(future: &Bound<'_, PyAny>, outcome: Option<PyResult<Py<PyAny>>>) -> PyResult<()> {
    let py = future.py();
    match outcome {
        None => future.call_method0(intern!(py, "cancel"))?,
        Some(Ok(value)) => future.call_method1(intern!(py, "set_result"), (value,))?,
        Some(Err(error)) => {
            let set_exception = intern!(py, "set_exception");
            future
                .call_method1(set_exception, (&error,))
                .or_else(|refused| {
                    // asyncio rejects a StopIteration with a TypeError.
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
struct OnDone {
    pending: Arc<PendingFutures>,
    id: u64,
}

#[pymethods]
impl OnDone {
    fn __call__(&self, py: Python<'_>, _future: &Bound<'_, PyAny>) {
        self.pending.forget(py, self.id);
    }
}
