//! The asyncio futures that are not done, and what they wait for.

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

/// What makes an asyncio future come to its end.
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

    /// A new asyncio future of the loop, known here by its number.
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
        // The future knows of a cancel at once; its callback is only called in the loop's next turn.
        future.is_some_and(|future| {
            let done = future.call_method0(py, intern!(py, "done"));
            !done.is_ok_and(|done| done.is_truthy(py).unwrap_or(false))
        })
    }

    /// Lends the driven future of this number to the one who polls it.
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

    /// Completes a future; without an outcome it is cancelled. Fails by what interrupts the loop.
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

    /// Python has ended the future of this number.
    fn forget(&self, py: Python<'_>, id: u64) {
        let pending = self.futures(py).remove(&id);
        if let Some(pending) = pending {
            pending.abort();
        }
    }

    /// Nobody will ask for a result any more.
    pub(crate) fn abandon(&self, py: Python<'_>) {
        let futures = std::mem::take(&mut *self.futures(py));
        for pending in futures.into_values() {
            pending.abort();
            if let Err(panic) = catch(|| drop(pending)) {
                panic.write_unraisable(py, None);
            }
        }
    }

    /// For the garbage collector: what driven futures own cannot be visited; a cycle through them
    /// lasts until they are done.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        // Locked, it is in use, and so is what it holds.
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
