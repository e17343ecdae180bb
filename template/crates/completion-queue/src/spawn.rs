//! Futures for Tokio's workers.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use tokio::runtime::Handle;

use crate::dispatcher::Dispatcher;
use crate::job::Job;
use crate::panics::panic_error;
use crate::pending::Source;
use crate::queue::{POLLED, Queue};

/// A future that hands what remains of it, done or cancelled, to the queue.
struct Returning<F: Send + 'static> {
    id: u64,
    future: Option<Pin<Box<F>>>,
    queue: Arc<Queue>,
}

impl<F: Send + 'static> Drop for Returning<F> {
    fn drop(&mut self) {
        if let Some(future) = self.future.take() {
            self.queue.push(Job::Cancelled(self.id, Box::new(future)));
        }
    }
}

impl<F, T, E> Returning<F>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: for<'a> IntoPyObject<'a> + Send + 'static,
    E: Into<PyErr> + Send + 'static,
{
    async fn run(mut self) {
        let output = poll_fn(|cx| {
            let Some(future) = self.future.as_mut() else {
                return Poll::Pending;
            };
            match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
                Ok(poll) => poll.map(Ok),
                Err(payload) => Poll::Ready(Err(payload)),
            }
        })
        .await;
        let future = self.future.take();
        let finish = move |py: Python<'_>| {
            drop(future);
            match output {
                Ok(Ok(value)) => value.into_py_any(py),
                Ok(Err(error)) => Err(error.into()),
                Err(payload) => Err(panic_error(&*payload)),
            }
        };
        self.queue.push(Job::Finish(self.id, Box::new(finish)));
    }
}

/// Runs a Rust future on the workers of `runtime`; returns an asyncio future.
///
/// Every Python object that the future owns must be in a [`LoopBound`](crate::LoopBound): what an
/// `async` block captures is dropped by the poll that ends it, on a worker.
///
/// # Errors
///
/// Without a running event loop, or with one that cannot be used.
pub fn spawn<'py, F, T, E>(
    py: Python<'py>,
    runtime: &Handle,
    future: F,
) -> PyResult<Bound<'py, PyAny>>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: for<'a> IntoPyObject<'a> + Send + 'static,
    E: Into<PyErr> + Send + 'static,
{
    let dispatcher = Dispatcher::current(py)?;
    let dispatcher = dispatcher.get();
    let id = dispatcher.next_id();
    let returning = Returning {
        id,
        future: Some(Box::pin(future)),
        queue: Arc::clone(dispatcher.queue()),
    };
    let polled = (id, Arc::clone(dispatcher.queue()));
    let task = runtime.spawn(POLLED.scope(polled, returning.run()));
    dispatcher
        .open(py, id, Source::Task(task.abort_handle()))
        .inspect_err(|_| task.abort())
}
