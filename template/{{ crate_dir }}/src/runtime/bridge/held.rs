//! Values with Python objects in them, on their way through a task.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::{IntoPyObjectExt, intern};
use tokio::sync::oneshot;

use super::panicked;
use super::port::Port;
use super::queue::{Job, Queue};
use super::waiting::POLLED;

/// A value with Python objects in it: wherever this is dropped, the value is dropped on the event
/// loop's thread; once the loop is gone, on that of another one, or not at all.
pub(crate) struct Held<T: Send + 'static> {
    /// None only after it was taken by value.
    kept: Option<Kept<T>>,
    queue: Arc<Queue>,
}

struct Kept<T> {
    value: T,
    /// None for an error, which makes no calls.
    context: Option<Py<PyAny>>,
}

impl<T: Send + 'static> Held<T> {
    pub(crate) fn new(py: Python<'_>, value: T) -> PyResult<Self> {
        static COPY_CONTEXT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let port = Port::current(py)?;
        let context = COPY_CONTEXT
            .import(py, "contextvars", "copy_context")?
            .call0()?;
        Ok(Self {
            kept: Some(Kept {
                value,
                context: Some(context.unbind()),
            }),
            queue: Arc::clone(port.get().queue()),
        })
    }

    /// Calls `f` on the event loop's thread, in the context of the caller of [`Held::new`].
    ///
    /// It is not called once Python has ended the future that asks for it by itself, and not by a
    /// Tokio task of its own.
    pub(crate) async fn with<R: Send + 'static>(
        mut self,
        f: impl FnOnce(Python<'_>, T) -> PyResult<R> + Send + 'static,
    ) -> Result<Held<R>, Held<PyErr>> {
        let queue = Arc::clone(&self.queue);
        let (send, receive) = oneshot::channel();
        if let Some(Kept { value, context }) = self.kept.take() {
            let home = Arc::clone(&queue);
            let call = move |py: Python<'_>| {
                let next = context.as_ref().map(|context| context.clone_ref(py));
                let call = move |py: Python<'_>| {
                    let result = catch_unwind(AssertUnwindSafe(|| f(py, value)))
                        .unwrap_or_else(|payload| Err(panicked(&*payload)));
                    let result = match result {
                        Ok(value) => Ok(Held {
                            kept: Some(Kept {
                                value,
                                context: next,
                            }),
                            queue: home,
                        }),
                        Err(error) => Err(Held::error(error, home)),
                    };
                    // Nobody listens once the task is cancelled.
                    drop(send.send(result));
                };
                if let Err(error) = run_in(py, context.as_ref(), Box::new(call)) {
                    error.write_unraisable(py, None);
                }
            };
            let polled = POLLED.try_with(|(id, home)| Arc::ptr_eq(home, &queue).then_some(*id));
            queue.push(Job::Call(polled.unwrap_or(None), Box::new(call)));
        }
        receive.await.unwrap_or_else(|_| {
            let error = PyRuntimeError::new_err("the event loop did not make the call");
            Err(Held::error(error, queue))
        })
    }
}

impl Held<PyErr> {
    fn error(value: PyErr, queue: Arc<Queue>) -> Self {
        let kept = Some(Kept {
            value,
            context: None,
        });
        Self { kept, queue }
    }
}

impl<T: Send + 'static> Drop for Held<T> {
    fn drop(&mut self) {
        if let Some(kept) = self.kept.take() {
            self.queue.push(Job::Run(Box::new(move |_| drop(kept))));
        }
    }
}

impl<'py, T: IntoPyObject<'py> + Send + 'static> IntoPyObject<'py> for Held<T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.kept.take() {
            Some(kept) => kept.value.into_bound_py_any(py),
            None => Err(PyRuntimeError::new_err("the value was taken")),
        }
    }
}

impl From<Held<PyErr>> for PyErr {
    fn from(mut error: Held<PyErr>) -> Self {
        let Some(Kept { value, context }) = error.kept.take() else {
            return PyRuntimeError::new_err("the error was taken");
        };
        // `?` converts on a worker, which may hand handles on, but not drop them.
        if let Some(context) = context {
            error.queue.push(Job::Run(Box::new(move |_| drop(context))));
        }
        value
    }
}

type Callback = Box<dyn FnOnce(Python<'_>) + Send>;

/// What `Context.run` calls.
#[pyclass(frozen)]
struct Call(Mutex<Option<Callback>>);

#[pymethods]
impl Call {
    fn __call__(&self, py: Python<'_>) {
        let callback = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(callback) = callback {
            callback(py);
        }
    }
}

fn run_in(py: Python<'_>, context: Option<&Py<PyAny>>, callback: Callback) -> PyResult<()> {
    let Some(context) = context else {
        callback(py);
        return Ok(());
    };
    let call = Call(Mutex::new(Some(callback)));
    context
        .bind(py)
        .call_method1(intern!(py, "run"), (call,))
        .map(drop)
}
