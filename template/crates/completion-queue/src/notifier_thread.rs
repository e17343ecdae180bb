//! The thread that notifies loops without `add_reader`, such as Windows' proactor.
//!
//! It is the only thread of this crate that attaches, so it must be gone before the interpreter
//! finalizes: `atexit` joins it.

use std::process;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};

use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::{MutexExt, PyOnceLock};
use pyo3::types::PyWeakrefReference;

struct NotifierThread {
    pid: u32,
    /// None once the interpreter exits.
    targets: Mutex<Option<Sender<Arc<Target>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl NotifierThread {
    fn get(py: Python<'_>) -> PyResult<Arc<Self>> {
        static THREAD: PyOnceLock<Arc<NotifierThread>> = PyOnceLock::new();
        let notifier = THREAD.get_or_try_init(py, || {
            let (sender, targets) = channel::<Arc<Target>>();
            let thread = Builder::new().name("notifier".into()).spawn(move || {
                for target in targets {
                    Python::try_attach(|py| {
                        if let Err(error) = target.call(py) {
                            error.write_unraisable(py, None);
                        }
                    });
                }
            })?;
            let notifier = Arc::new(Self {
                pid: process::id(),
                targets: Mutex::new(Some(sender)),
                thread: Mutex::new(Some(thread)),
            });
            let stop = StopThread(Arc::clone(&notifier));
            py.import("atexit")?.call_method1("register", (stop,))?;
            PyResult::Ok(notifier)
        })?;
        notifier.check()?;
        Ok(Arc::clone(notifier))
    }

    /// Fails once the thread has ended: a loop could no longer be notified of results.
    fn check(&self) -> PyResult<()> {
        // In a forked child the lock may belong to a thread that does not exist there.
        if self.pid == process::id() && self.targets().is_none() {
            return Err(PyRuntimeError::new_err("the interpreter is exiting"));
        }
        Ok(())
    }

    fn targets(&self) -> MutexGuard<'_, Option<Sender<Arc<Target>>>> {
        self.targets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One loop and what it is to call. Weak references: a wake-up must not keep a loop alive.
struct Target(Mutex<Option<(Py<PyWeakrefReference>, Py<PyWeakrefReference>)>>);

impl Target {
    fn references<'a>(
        &'a self,
        py: Python<'a>,
    ) -> MutexGuard<'a, Option<(Py<PyWeakrefReference>, Py<PyWeakrefReference>)>> {
        self.0
            .lock_py_attached(py)
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn call(&self, py: Python<'_>) -> PyResult<()> {
        let references = self.references(py);
        let upgraded = references.as_ref().map(|(event_loop, handler)| {
            (event_loop.bind(py).upgrade(), handler.bind(py).upgrade())
        });
        drop(references);
        let Some((Some(event_loop), Some(handler))) = upgraded else {
            return Ok(());
        };
        let called = event_loop.call_method1(intern!(py, "call_soon_threadsafe"), (handler,));
        if let Err(error) = called {
            // Checked only now, because its own thread may close the loop at any moment.
            let closed = event_loop.call_method0(intern!(py, "is_closed"))?;
            if !closed.is_truthy()? {
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Notifies one loop through the thread.
pub(crate) struct ThreadNotifier {
    thread: Arc<NotifierThread>,
    target: Arc<Target>,
}

impl ThreadNotifier {
    pub(crate) fn new(event_loop: &Bound<'_, PyAny>, handler: &Bound<'_, PyAny>) -> PyResult<Self> {
        let references = (
            PyWeakrefReference::new(event_loop)?.unbind(),
            PyWeakrefReference::new(handler)?.unbind(),
        );
        Ok(Self {
            thread: NotifierThread::get(event_loop.py())?,
            target: Arc::new(Target(Mutex::new(Some(references)))),
        })
    }

    pub(crate) fn check(&self) -> PyResult<()> {
        self.thread.check()
    }

    pub(crate) fn notify(&self) {
        if let Some(targets) = self.thread.targets().as_ref() {
            // The thread listens until the sender is gone.
            drop(targets.send(Arc::clone(&self.target)));
        }
    }

    pub(crate) fn release(&self, py: Python<'_>) {
        let references = self.target.references(py).take();
        drop(references);
    }
}

#[pyclass(frozen)]
struct StopThread(Arc<NotifierThread>);

#[pymethods]
impl StopThread {
    fn __call__(&self, py: Python<'_>) {
        // A forked child does not have the thread, and its locks may be held by threads that do not
        // exist there: waiting for either would never end.
        if self.0.pid != process::id() {
            return;
        }
        drop(self.0.targets().take());
        let thread = self
            .0
            .thread
            .lock_py_attached(py)
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        py.detach(|| drop(thread.map(JoinHandle::join)));
    }
}
