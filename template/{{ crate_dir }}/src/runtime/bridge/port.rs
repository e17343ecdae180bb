//! The end of the bridge on an event loop, and the owner of all that belongs to Python.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::{MutexExt, PyOnceLock};
use pyo3::types::PyWeakrefReference;
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
    /// Weak: a cycle would keep the bell's file descriptors open until the garbage collector comes.
    event_loop: Py<PyWeakrefReference>,
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
            let port = port.cast_into::<Self>()?;
            if let Some(bell) = port.get().queue.bell() {
                bell.check()?;
            }
            return Ok(port);
        }
        lost::clear(py);
        let refused = |cause| {
            let error =
                PyTypeError::new_err("the event loop takes no attribute, or no weak reference");
            error.set_cause(py, Some(cause));
            error
        };
        let weak = PyWeakrefReference::new(&event_loop).map_err(refused)?;
        let port = Bound::new(
            py,
            Self {
                queue: Arc::default(),
                event_loop: weak.unbind(),
                waiting: Mutex::default(),
                next_id: AtomicU64::new(0),
            },
        )?;
        event_loop.setattr(name, &port).map_err(refused)?;
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

    pub(super) fn event_loop<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let event_loop = self.event_loop.bind(py).upgrade();
        event_loop.ok_or_else(|| PyRuntimeError::new_err("the event loop is gone"))
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
            .event_loop(py)?
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

    /// Whether Python still waits for the future of this number.
    fn wants(&self, py: Python<'_>, id: u64) -> bool {
        let waiting = self.waiting(py);
        let future = waiting.get(&id).map(|waiting| waiting.future.clone_ref(py));
        drop(waiting);
        // The future knows of a cancel at once, this port hears of it in the loop's next turn.
        future.is_some_and(|future| {
            let done = future.call_method0(py, intern!(py, "done"));
            !done.is_ok_and(|done| done.is_truthy(py).unwrap_or(false))
        })
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

    /// Completes a future; without an outcome it is cancelled. Fails by what interrupts the loop.
    pub(super) fn close(
        &self,
        py: Python<'_>,
        id: u64,
        outcome: Option<PyResult<Py<PyAny>>>,
    ) -> PyResult<()> {
        let waiting = self.waiting(py).remove(&id);
        waiting.map_or(Ok(()), |waiting| waiting.complete(py, outcome))
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
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let mut jobs = self.queue.take().into_iter();
        while let Some(job) = jobs.next() {
            let done = match job {
                Job::Finish(id, finish) => {
                    let outcome = guarded(|| finish(py)).and_then(|outcome| outcome);
                    guarded(|| self.close(py, id, Some(outcome)))
                }
                Job::Cancelled(id, rest) => guarded(|| {
                    let closed = self.close(py, id, None);
                    drop(rest);
                    closed
                }),
                Job::Poll(id) => guarded(|| self.poll(py, id)),
                Job::Call(id, call) => guarded(|| {
                    if id.is_none_or(|id| self.wants(py, id)) {
                        call(py);
                    }
                    Ok(())
                }),
                Job::Run(run) => guarded(|| {
                    run(py);
                    Ok(())
                }),
            };
            match done {
                Ok(Ok(())) => {}
                Ok(Err(interrupt)) => {
                    self.queue.put_back(jobs);
                    return Err(interrupt);
                }
                Err(panic) => panic.write_unraisable(py, None),
            }
        }
        Ok(())
    }

    /// The futures in the queue and what driven futures own cannot be visited; a cycle through
    /// them lasts until they are done.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
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
