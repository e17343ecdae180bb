//! The thread that rings for loops without `add_reader`, such as Windows' Proactor.
//!
//! It is the only thread of this module that attaches, so it must be gone before the interpreter
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

use super::bell::Bell;
use super::port::Port;
use super::queue::Queue;

struct Ringer {
    pid: u32,
    /// None once the interpreter exits.
    rings: Mutex<Option<Sender<Arc<Queue>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Ringer {
    fn get(py: Python<'_>) -> PyResult<Arc<Self>> {
        static RINGER: PyOnceLock<Arc<Ringer>> = PyOnceLock::new();
        let ringer = RINGER.get_or_try_init(py, || {
            let (rings, queues) = channel::<Arc<Queue>>();
            let thread = Builder::new()
                .name(concat!(env!("CARGO_PKG_NAME"), "-bell").into())
                .spawn(move || {
                    for queue in queues {
                        Python::try_attach(|py| knock(py, &queue));
                    }
                })?;
            let ringer = Arc::new(Self {
                pid: process::id(),
                rings: Mutex::new(Some(rings)),
                thread: Mutex::new(Some(thread)),
            });
            let stop = StopRinger(Arc::clone(&ringer));
            py.import("atexit")?.call_method1("register", (stop,))?;
            PyResult::Ok(ringer)
        })?;
        ringer.check()?;
        Ok(Arc::clone(ringer))
    }

    /// Without its bell a loop would never hear of a result.
    fn check(&self) -> PyResult<()> {
        // In a forked child the lock may be that of a thread that did not come along.
        if self.pid == process::id() && self.rings().is_none() {
            return Err(PyRuntimeError::new_err("the interpreter is exiting"));
        }
        Ok(())
    }

    fn rings(&self) -> MutexGuard<'_, Option<Sender<Arc<Queue>>>> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One loop's hold on the ringer.
pub(super) struct Rope {
    ringer: Arc<Ringer>,
    /// A weak reference: a ring must not keep a loop alive.
    port: Mutex<Option<Py<PyWeakrefReference>>>,
}

impl Rope {
    pub(super) fn new(port: &Bound<'_, Port>) -> PyResult<Self> {
        let weak = PyWeakrefReference::new(port)?;
        Ok(Self {
            ringer: Ringer::get(port.py())?,
            port: Mutex::new(Some(weak.unbind())),
        })
    }

    pub(super) fn check(&self) -> PyResult<()> {
        self.ringer.check()
    }

    pub(super) fn pull(&self, queue: &Arc<Queue>) {
        if let Some(rings) = self.ringer.rings().as_ref() {
            // The thread listens until the sender is gone.
            drop(rings.send(Arc::clone(queue)));
        }
    }

    pub(super) fn cut(&self, py: Python<'_>) {
        let port = self.port(py).take();
        drop(port);
    }

    fn port<'a>(&'a self, py: Python<'a>) -> MutexGuard<'a, Option<Py<PyWeakrefReference>>> {
        self.port
            .lock_py_attached(py)
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn knock(&self, py: Python<'_>) -> PyResult<()> {
        let Some(weak) = self.port(py).as_ref().map(|port| port.clone_ref(py)) else {
            return Ok(());
        };
        let Some(port) = weak.bind(py).upgrade_as::<Port>()? else {
            return Ok(());
        };
        let Ok(event_loop) = port.get().event_loop(py) else {
            return Ok(());
        };
        let called = event_loop.call_method1(intern!(py, "call_soon_threadsafe"), (&port,));
        if let Err(error) = called {
            // Asked only now, for its own thread may close the loop at any moment.
            let closed = event_loop.call_method0(intern!(py, "is_closed"))?;
            if !closed.is_truthy()? {
                return Err(error);
            }
        }
        Ok(())
    }
}

fn knock(py: Python<'_>, queue: &Queue) {
    if let Some(Bell::Thread(rope)) = queue.bell() {
        if let Err(error) = rope.knock(py) {
            error.write_unraisable(py, None);
        }
    }
}

#[pyclass(frozen)]
struct StopRinger(Arc<Ringer>);

#[pymethods]
impl StopRinger {
    fn __call__(&self, py: Python<'_>) {
        // In a forked child the thread did not come along, and the locks may be those of others
        // that did not: neither must be waited for.
        if self.0.pid != process::id() {
            return;
        }
        drop(self.0.rings().take());
        let thread = self
            .0
            .thread
            .lock_py_attached(py)
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        py.detach(|| drop(thread.map(JoinHandle::join)));
    }
}
