//! Rust futures as asyncio awaitables, using `pyo3-async-runtimes` on this module's runtime.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::process;
use std::sync::{Mutex, PoisonError, RwLock};
use std::task::Poll;

use pyo3::exceptions::{PyRuntimeError, PyStopIteration};
use pyo3::panic::PanicException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::IntoPyDict;
use pyo3::{IntoPyObjectExt, intern};
use pyo3_async_runtimes::generic::{self, ContextExt};
use pyo3_async_runtimes::{TaskLocals, tokio as shared};
use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinHandle};

use super::runtime;

/// True once the interpreter exits. A thread that reads false may attach while it holds the lock.
///
/// A thread that is attached while the interpreter finalizes crashes the process, or panics after it.
static EXITING: RwLock<bool> = RwLock::new(false);

fn unless_exiting<R>(f: impl FnOnce() -> R) -> Option<R> {
    let exiting = EXITING.read().unwrap_or_else(PoisonError::into_inner);
    (!*exiting).then(f)
}

/// Called by `atexit`: waits for completions in progress, and prevents new ones.
#[pyclass(frozen)]
struct AtExit {
    pid: u32,
}

#[pymethods]
impl AtExit {
    fn __call__(&self, py: Python<'_>) {
        // In a forked child the lock may belong to a thread that does not exist there.
        if self.pid == process::id() {
            py.detach(|| *EXITING.write().unwrap_or_else(PoisonError::into_inner) = true);
        }
    }
}

/// The runtime of `pyo3_async_runtimes::tokio`, which also handles interpreter exit.
struct Tokio;

impl generic::Runtime for Tokio {
    type JoinError = JoinError;
    type JoinHandle = JoinHandle<()>;

    fn spawn<F>(future: F) -> Self::JoinHandle
    where
        F: Future<Output = ()> + Send + 'static,
    {
        shared::get_runtime().spawn(future)
    }

    /// Everything that attaches goes through here. If all blocking threads wait for slow files,
    /// results wait too.
    fn spawn_blocking<F>(f: F) -> Self::JoinHandle
    where
        F: FnOnce() + Send + 'static,
    {
        shared::get_runtime().spawn_blocking(|| unless_exiting(f).unwrap_or_default())
    }
}

tokio::task_local! {
    static LOCALS: TaskLocals;
}

impl ContextExt for Tokio {
    fn scope<F, R>(locals: TaskLocals, future: F) -> Pin<Box<dyn Future<Output = R> + Send>>
    where
        F: Future<Output = R> + Send + 'static,
    {
        Box::pin(LOCALS.scope(locals, future))
    }

    fn get_task_locals() -> Option<TaskLocals> {
        LOCALS.try_with(TaskLocals::clone).ok()
    }
}

fn prepare(py: Python<'_>) -> PyResult<()> {
    static PREPARED: PyOnceLock<()> = PyOnceLock::new();
    let runtime = runtime(py)?;
    PREPARED.get_or_try_init(py, || {
        // Otherwise `pyo3-async-runtimes` starts a second runtime of its own on first use.
        shared::init_with_runtime(runtime)
            .map_err(|()| PyRuntimeError::new_err("pyo3-async-runtimes has a runtime already"))?;
        let at_exit = AtExit { pid: process::id() };
        py.import("atexit")?.call_method1("register", (at_exit,))?;
        PyResult::Ok(())
    })?;
    // At exit no result can be delivered. An attached thread must not wait for the lock, whose
    // owners attach.
    match EXITING.try_read() {
        Ok(exiting) if !*exiting => Ok(()),
        _ => Err(PyRuntimeError::new_err("the interpreter is exiting")),
    }
}

/// Runs a Rust future on the worker threads; returns an asyncio future.
pub(crate) fn spawn<F, T, E>(py: Python<'_>, future: F) -> PyResult<Bound<'_, PyAny>>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: for<'a> IntoPyObject<'a> + Send + 'static,
    E: Into<PyErr> + Send + 'static,
{
    prepare(py)?;
    generic::future_into_py::<Tokio, _, _>(py, async move {
        let mut future = Box::pin(future);
        let polled =
            poll_fn(
                |cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
                    Ok(poll) => poll.map(Ok),
                    Err(payload) => Poll::Ready(Err(panic_error(&*payload))),
                },
            );
        Ok(Outcome(polled.await))
    })
}

/// Like [`spawn`], for a future that only waits. This bridge runs both in the same way.
pub(crate) fn drive<F, T, E>(py: Python<'_>, future: F) -> PyResult<Bound<'_, PyAny>>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: for<'a> IntoPyObject<'a> + Send + 'static,
    E: Into<PyErr> + Send + 'static,
{
    spawn(py, future)
}

/// The exception for a panic. It owns no Python object before it is raised.
fn panic_error(payload: &(dyn Any + Send)) -> PyErr {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    PanicException::new_err(text.unwrap_or("panic in Rust code").to_owned())
}

/// The outcome of a future, converted to a Python object while `future_into_py` is attached anyway.
struct Outcome<T, E>(Result<Result<T, E>, PyErr>);

impl<'py, T, E> IntoPyObject<'py> for Outcome<T, E>
where
    T: for<'a> IntoPyObject<'a>,
    E: Into<PyErr>,
{
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.0 {
            Ok(Ok(value)) => value.into_bound_py_any(py),
            Ok(Err(error)) => Err(accepted(py, error.into())),
            Err(panic) => Err(panic),
        }
    }
}

/// asyncio rejects a `StopIteration`, and before Python 3.12 the future would never complete.
fn accepted(py: Python<'_>, error: PyErr) -> PyErr {
    if !error.is_instance_of::<PyStopIteration>(py) {
        return error;
    }
    let accepted = PyRuntimeError::new_err("StopIteration cannot be raised into a Future");
    accepted.set_cause(py, Some(error));
    accepted
}

/// A value with Python objects in it, carried through a Rust future.
pub(crate) struct LoopBound<T: Send + 'static> {
    value: T,
    /// None for an error from outside the event loop.
    locals: Option<TaskLocals>,
}

impl<T: Send + 'static> LoopBound<T> {
    pub(crate) fn new(py: Python<'_>, value: T) -> PyResult<Self> {
        let locals = TaskLocals::with_running_loop(py)?.copy_context(py)?;
        Ok(Self {
            value,
            locals: Some(locals),
        })
    }

    /// Calls `f` on the event loop's thread, in the context of the caller of [`LoopBound::new`].
    pub(crate) async fn with<R: Send + 'static>(
        self,
        f: impl FnOnce(Python<'_>, T) -> PyResult<R> + Send + 'static,
    ) -> Result<LoopBound<R>, LoopBound<PyErr>> {
        let Self { value, locals } = self;
        let (send, receive) = oneshot::channel();
        let task_locals = locals.clone();
        let turn = move |py: Python<'_>| {
            let result = catch_unwind(AssertUnwindSafe(|| f(py, value)))
                .unwrap_or_else(|payload| Err(panic_error(&*payload)));
            // There is no receiver once the task is cancelled.
            drop(send.send(result));
        };
        // Not on a worker: waiting for the interpreter must not block other tasks.
        let queued = tokio::task::spawn_blocking(move || {
            unless_exiting(|| enqueue(task_locals.as_ref(), Box::new(turn)))
        });
        let result = match super::joined(queued).await {
            Ok(Some(Err(error))) | Err(error) => Err(error),
            Ok(_) => receive.await.unwrap_or_else(|_| {
                let error = "the event loop did not make the call";
                Err(PyRuntimeError::new_err(error))
            }),
        };
        match result {
            Ok(value) => Ok(LoopBound { value, locals }),
            Err(value) => Err(LoopBound { value, locals }),
        }
    }
}

impl<'py, T: IntoPyObject<'py> + Send + 'static> IntoPyObject<'py> for LoopBound<T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.value.into_bound_py_any(py)
    }
}

impl From<LoopBound<PyErr>> for PyErr {
    fn from(error: LoopBound<PyErr>) -> Self {
        error.value
    }
}

type Callback = Box<dyn FnOnce(Python<'_>) + Send>;

/// One call from the event loop.
#[pyclass(frozen)]
struct Turn(Mutex<Option<Callback>>);

#[pymethods]
impl Turn {
    fn __call__(&self, py: Python<'_>) {
        let callback = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(callback) = callback {
            callback(py);
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a blocking thread of Tokio has no token"
)]
fn enqueue(locals: Option<&TaskLocals>, callback: Callback) -> PyResult<()> {
    let Some(locals) = locals else {
        return Err(PyRuntimeError::new_err(
            "no event loop belongs to this value",
        ));
    };
    Python::attach(|py| {
        let context = [("context", locals.context(py))].into_py_dict(py)?;
        let turn = Turn(Mutex::new(Some(callback)));
        locals.event_loop(py).call_method(
            intern!(py, "call_soon_threadsafe"),
            (turn,),
            Some(&context),
        )?;
        Ok(())
    })
}
