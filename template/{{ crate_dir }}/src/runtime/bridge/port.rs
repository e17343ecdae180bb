//! The end of the bridge on an event loop, and the owner of all that belongs to Python.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::{MutexExt, PyOnceLock};
use pyo3::{PyTraverseError, PyVisit, intern};

use super::bell::Bell;
use super::drive::Driven;
use super::queue::{Job, Queue};
use super::waiting::{OnDone, Source, Waiting};
use super::{guarded, lost, runtime};

/// Kept in an attribute of its event loop, with which it lives and dies.
#[pyclass(frozen, weakref)]
pub(super) struct Port {
    queue: Arc<Queue>,
    event_loop: Py<PyAny>,
    waiting: Mutex<HashMap<u64, Waiting>>,
    next_id: AtomicU64,
}

impl Port {
    /// The port of the running loop; a loop gets it at its first future.
    pub(super) fn current(py: Python<'_>) -> PyResult<Bound<'_, Self>> {
        static GET_RUNNING_LOOP: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let event_loop = GET_RUNNING_LOOP
            .import(py, "asyncio", "get_running_loop")?
            .call0()?;
        let name = intern!(py, concat!("_", env!("CARGO_PKG_NAME"), "_port"));
        if let Ok(port) = event_loop.getattr(name) {
            return Ok(port.cast_into()?);
        }
        lost::clear(py);
        let port = Bound::new(
            py,
            Self {
                queue: Arc::default(),
                event_loop: event_loop.clone().unbind(),
                waiting: Mutex::default(),
                next_id: AtomicU64::new(0),
            },
        )?;
        event_loop.setattr(name, &port).map_err(|cause| {
            let error = PyTypeError::new_err("the event loop takes no attribute for its port");
            error.set_cause(py, Some(cause));
            error
        })?;
        match Bell::new(&port) {
            Ok(bell) => port.get().queue.hang(bell),
            Err(error) => {
                event_loop.delattr(name)?;
                return Err(error);
            }
        }
        Ok(port)
    }

    pub(super) fn queue(&self) -> &Arc<Queue> {
        &self.queue
    }

    pub(super) fn event_loop<'py>(&self, py: Python<'py>) -> &Bound<'py, PyAny> {
        self.event_loop.bind(py)
    }

    pub(super) fn next_id(&self) -> u64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    fn waiting<'a>(&'a self, py: Python<'a>) -> MutexGuard<'a, HashMap<u64, Waiting>> {
        self.waiting
            .lock_py_attached(py)
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A new asyncio future, known here by its number.
    pub(super) fn open<'py>(
        slf: &Bound<'py, Self>,
        id: u64,
        source: Source,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, this) = (slf.py(), slf.get());
        let future = this
            .event_loop(py)
            .call_method0(intern!(py, "create_future"))?;
        let on_done = Bound::new(py, OnDone::new(slf, id))?;
        future.call_method1(intern!(py, "add_done_callback"), (&on_done,))?;
        let waiting = Waiting {
            future: future.clone().unbind(),
            on_done: on_done.unbind(),
            source,
        };
        this.waiting(py).insert(id, waiting);
        Ok(future)
    }

    /// Python has ended the future of this number.
    pub(super) fn forget(&self, py: Python<'_>, id: u64) {
        let waiting = self.waiting(py).remove(&id);
        if let Some(waiting) = waiting {
            waiting.abort();
        }
    }

    /// Lends the driven future of this number to the one who polls it.
    pub(super) fn with_driven<R>(
        &self,
        py: Python<'_>,
        id: u64,
        f: impl FnOnce(&mut Driven) -> R,
    ) -> Option<R> {
        match &mut self.waiting(py).get_mut(&id)?.source {
            Source::Driven(driven) => Some(f(driven)),
            Source::Task(_) => None,
        }
    }

    /// Completes a future; without an outcome it is cancelled.
    pub(super) fn close(&self, py: Python<'_>, id: u64, outcome: Option<PyResult<Py<PyAny>>>) {
        let Some(waiting) = self.waiting(py).remove(&id) else {
            return;
        };
        waiting.complete(py, outcome);
    }

    /// Nobody will ask for a result any more.
    fn abandon(&self, py: Python<'_>) {
        let waiting = std::mem::take(&mut *self.waiting(py));
        for waiting in waiting.into_values() {
            waiting.abort();
            if let Err(panic) = guarded(|| drop(waiting)) {
                panic.write_unraisable(py, None);
            }
        }
    }
}

#[pymethods]
impl Port {
    /// One turn: called by the loop after its bell has rung.
    fn __call__(&self, py: Python<'_>) {
        for job in self.queue.take() {
            let done = match job {
                Job::Finish(id, finish) => {
                    let outcome = guarded(|| finish(py)).and_then(|outcome| outcome);
                    guarded(|| self.close(py, id, Some(outcome)))
                }
                Job::Cancelled(id, rest) => guarded(|| {
                    self.close(py, id, None);
                    drop(rest);
                }),
                Job::Poll(id) => guarded(|| self.poll(py, id)),
                Job::Run(run) => guarded(|| run(py)),
            };
            if let Err(panic) = done {
                panic.write_unraisable(py, None);
            }
        }
    }

    /// The futures in the queue and what driven futures own cannot be visited; a cycle through
    /// them lasts until they are done.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.event_loop)?;
        // Locked, it is in use, and so is what it holds.
        let Ok(waiting) = self.waiting.try_lock() else {
            return Ok(());
        };
        waiting.values().try_for_each(move |waiting| {
            visit.call(&waiting.future)?;
            visit.call(&waiting.on_done)
        })
    }

    fn __clear__(&self, py: Python<'_>) {
        self.abandon(py);
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        // A Python object is only dropped by a thread that is attached.
        Python::try_attach(|py| {
            // In a forked child the locks may be those of threads that did not come along.
            if runtime(py).is_err() {
                return;
            }
            self.abandon(py);
            lost::discard(py, self.queue.close());
            if let Some(bell) = self.queue.bell() {
                bell.take_down(py);
            }
        });
    }
}
