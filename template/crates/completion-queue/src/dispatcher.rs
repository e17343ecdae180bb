//! Does the jobs of a queue on its event loop, and owns everything that belongs to Python.

use std::process;
use std::sync::Arc;

use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyWeakrefReference};
use pyo3::{PyTraverseError, PyVisit};

use crate::job::{Job, drop_each, drop_orphans};
use crate::notifier::Notifier;
use crate::panics::catch;
use crate::pending::{PendingFutures, Source};
use crate::polling;
use crate::queue::Queue;

/// Stored in an attribute of its event loop, so it lives as long as the loop.
#[pyclass(frozen, weakref)]
pub(crate) struct Dispatcher {
    queue: Arc<Queue>,
    pending: Arc<PendingFutures>,
    /// Weak: a cycle would keep the notifier's file descriptors open until a garbage collection.
    event_loop: Py<PyWeakrefReference>,
    /// The process that created it: in a forked child its locks may be held by threads that do not
    /// exist there.
    pid: u32,
}

impl Dispatcher {
    /// The dispatcher of the running loop, created at the loop's first future.
    pub(crate) fn current(py: Python<'_>) -> PyResult<Bound<'_, Self>> {
        static GET_RUNNING_LOOP: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let event_loop = GET_RUNNING_LOOP
            .import(py, "asyncio", "get_running_loop")?
            .call0()?;
        let name = attribute(py);
        if let Ok(dispatcher) = event_loop.getattr(name) {
            let dispatcher = dispatcher.cast_into::<Self>()?;
            dispatcher.get().check_process()?;
            if let Some(notifier) = dispatcher.get().queue.notifier() {
                notifier.check()?;
            }
            return Ok(dispatcher);
        }
        drop_orphans(py);
        let refused = |cause| {
            let error = PyTypeError::new_err(
                "the event loop does not support attributes or weak references",
            );
            error.set_cause(py, Some(cause));
            error
        };
        let weak = PyWeakrefReference::new(&event_loop).map_err(refused)?;
        let dispatcher = Bound::new(
            py,
            Self {
                queue: Arc::default(),
                pending: Arc::default(),
                event_loop: weak.unbind(),
                pid: process::id(),
            },
        )?;
        event_loop.setattr(name, &dispatcher).map_err(refused)?;
        match Notifier::new(&event_loop, dispatcher.as_any()) {
            Ok(notifier) => dispatcher.get().queue.set_notifier(notifier),
            Err(error) => {
                event_loop.delattr(name)?;
                return Err(error);
            }
        }
        Ok(dispatcher)
    }

    pub(crate) fn queue(&self) -> &Arc<Queue> {
        &self.queue
    }

    pub(crate) fn next_id(&self) -> u64 {
        self.pending.next_id()
    }

    /// Creates an asyncio future under this number.
    pub(crate) fn open<'py>(
        &self,
        py: Python<'py>,
        id: u64,
        source: Source,
    ) -> PyResult<Bound<'py, PyAny>> {
        let event_loop = self.event_loop.bind(py).upgrade();
        let event_loop =
            event_loop.ok_or_else(|| PyRuntimeError::new_err("the event loop is gone"))?;
        self.pending.open(&event_loop, id, source)
    }

    /// Polls a driven future. An error is to interrupt the loop.
    pub(crate) fn poll(&self, py: Python<'_>, id: u64) -> PyResult<()> {
        match self.check_process() {
            Ok(()) => polling::poll(py, &self.pending, &self.queue, id),
            Err(error) => self.pending.complete(py, id, Some(Err(error))),
        }
    }

    fn check_process(&self) -> PyResult<()> {
        if self.pid == process::id() {
            return Ok(());
        }
        Err(PyRuntimeError::new_err(
            "the event loop was created before the process was forked",
        ))
    }

    /// Does one job. An error is to interrupt the loop.
    fn run(&self, py: Python<'_>, job: Job) -> PyResult<()> {
        match job {
            Job::Finish(id, finish) => {
                let outcome = catch(|| finish(py)).and_then(|outcome| outcome);
                self.pending.complete(py, id, Some(outcome))
            }
            Job::Cancelled(id, rest) => {
                let completed = self.pending.complete(py, id, None);
                drop(rest);
                completed
            }
            Job::Poll(id) => self.poll(py, id),
            Job::Call(id, call) => {
                if id.is_none_or(|id| self.pending.is_awaited(py, id)) {
                    call(py);
                }
                Ok(())
            }
            Job::Run(run) => {
                run(py);
                Ok(())
            }
        }
    }
}

/// The attribute's name: a different one for each extension module that links this crate.
fn attribute(py: Python<'_>) -> &Bound<'_, PyString> {
    static NAME: PyOnceLock<Py<PyString>> = PyOnceLock::new();
    let name = NAME.get_or_init(py, || {
        let here = std::ptr::from_ref(&NAME).addr();
        PyString::intern(py, &format!("_completion_queue_{here:x}")).unbind()
    });
    name.bind(py)
}

#[pymethods]
impl Dispatcher {
    /// One turn: called by the loop after it was notified.
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let mut jobs = self.queue.take().into_iter();
        while let Some(job) = jobs.next() {
            match catch(|| self.run(py, job)) {
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

    /// Futures in the queue cannot be visited: a cycle through them exists until they are done.
    #[allow(clippy::needless_pass_by_value, reason = "the signature is given")]
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.pending.traverse(&visit)
    }

    fn __clear__(&self, py: Python<'_>) {
        self.pending.abandon(py);
    }
}

impl Drop for Dispatcher {
    fn drop(&mut self) {
        // Only an attached thread drops a Python object.
        Python::try_attach(|py| {
            if self.check_process().is_err() {
                return;
            }
            self.pending.abandon(py);
            drop_each(py, self.queue.close());
            if let Some(notifier) = self.queue.notifier() {
                notifier.release(py);
            }
        });
    }
}
