//! Values with Python objects in them, carried through a task.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::{IntoPyObjectExt, intern};
use tokio::sync::oneshot;

use crate::dispatcher::Dispatcher;
use crate::job::Job;
use crate::panics::panic_error;
use crate::queue::{POLLED, Queue};

/// A value with Python objects in it. Wherever this is dropped, the value is dropped on the event
/// loop's thread; once the loop is gone, on the thread of another loop, or not at all.
pub struct LoopBound<T: Send + 'static> {
    /// None only after it was taken by value.
    content: Option<Content<T>>,
    queue: Arc<Queue>,
}

struct Content<T> {
    value: T,
    /// None for an error, which makes no calls.
    context: Option<Py<PyAny>>,
}

impl<T: Send + 'static> LoopBound<T> {
    /// Binds `value` to the running event loop.
    ///
    /// # Errors
    ///
    /// Without a running event loop, or with one that cannot be used.
    pub fn new(py: Python<'_>, value: T) -> PyResult<Self> {
        static COPY_CONTEXT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let dispatcher = Dispatcher::current(py)?;
        let context = COPY_CONTEXT
            .import(py, "contextvars", "copy_context")?
            .call0()?;
        Ok(Self {
            content: Some(Content {
                value,
                context: Some(context.unbind()),
            }),
            queue: Arc::clone(dispatcher.get().queue()),
        })
    }

    /// Calls `f` on the event loop's thread, in the context of the caller of [`LoopBound::new`].
    ///
    /// It is not called once Python has ended the future that asks for it by itself, and not by a
    /// Tokio task of its own.
    ///
    /// # Errors
    ///
    /// What `f` raises, bound to the same loop; a panic of `f` becomes a `PanicException`.
    pub async fn with<R: Send + 'static>(
        mut self,
        f: impl FnOnce(Python<'_>, T) -> PyResult<R> + Send + 'static,
    ) -> Result<LoopBound<R>, LoopBound<PyErr>> {
        let queue = Arc::clone(&self.queue);
        let (send, receive) = oneshot::channel();
        if let Some(Content { value, context }) = self.content.take() {
            let home = Arc::clone(&queue);
            let call = move |py: Python<'_>| {
                let next = context.as_ref().map(|context| context.clone_ref(py));
                let call = move |py: Python<'_>| {
                    let result = catch_unwind(AssertUnwindSafe(|| f(py, value)))
                        .unwrap_or_else(|payload| Err(panic_error(&*payload)));
                    let result = match result {
                        Ok(value) => Ok(LoopBound {
                            content: Some(Content {
                                value,
                                context: next,
                            }),
                            queue: home,
                        }),
                        Err(error) => Err(LoopBound::error(error, home)),
                    };
                    // There is no receiver once the task is cancelled.
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
            Err(LoopBound::error(error, queue))
        })
    }
}

impl LoopBound<PyErr> {
    fn error(value: PyErr, queue: Arc<Queue>) -> Self {
        let content = Some(Content {
            value,
            context: None,
        });
        Self { content, queue }
    }
}

impl<T: Send + 'static> Drop for LoopBound<T> {
    fn drop(&mut self) {
        if let Some(content) = self.content.take() {
            self.queue.push(Job::Run(Box::new(move |_| drop(content))));
        }
    }
}

impl<'py, T: IntoPyObject<'py> + Send + 'static> IntoPyObject<'py> for LoopBound<T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.content.take() {
            Some(content) => content.value.into_bound_py_any(py),
            None => Err(PyRuntimeError::new_err("the value was taken")),
        }
    }
}

impl From<LoopBound<PyErr>> for PyErr {
    fn from(mut error: LoopBound<PyErr>) -> Self {
        let Some(Content { value, context }) = error.content.take() else {
            return PyRuntimeError::new_err("the error was taken");
        };
        // `?` converts on a worker, which may pass on handles, but must not drop them.
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
