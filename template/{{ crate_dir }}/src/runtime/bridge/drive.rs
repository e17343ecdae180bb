//! Futures polled on the event loop's thread, attached.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;

use super::port::Port;
use super::queue::{Finish, Job, Queue};
use super::waiting::{POLLED, Source};
use super::{guarded, runtime};

type Body = Pin<Box<dyn Future<Output = Finish> + Send>>;

pub(super) struct Driven {
    /// None while it is polled.
    body: Option<Body>,
    /// Woken while it was polled by a loop that runs within the poll.
    again: bool,
}

struct Woken {
    id: u64,
    queue: Arc<Queue>,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.queue.push(Job::Poll(self.id));
    }
}

impl Port {
    pub(super) fn poll(&self, py: Python<'_>, id: u64) -> PyResult<()> {
        let body = self.with_driven(py, id, |driven| {
            let body = driven.body.take();
            driven.again = body.is_none();
            body
        });
        let Some(mut body) = body.flatten() else {
            return Ok(());
        };
        let queue = Arc::clone(self.queue());
        let waker = Waker::from(Arc::new(Woken { id, queue }));
        let polled = runtime(py).and_then(|tokio| {
            let _tokio = tokio.enter();
            let polled = (id, Arc::clone(self.queue()));
            POLLED.sync_scope(polled, || {
                guarded(|| body.as_mut().poll(&mut Context::from_waker(&waker)))
            })
        });
        match polled {
            Ok(Poll::Pending) => {
                let mut body = Some(body);
                let again = self.with_driven(py, id, |driven| {
                    driven.body = body.take();
                    driven.again
                });
                // Not put back, it was cancelled by its own poll, and is dropped here.
                drop(body);
                if again == Some(true) {
                    self.queue().push(Job::Poll(id));
                }
                Ok(())
            }
            Ok(Poll::Ready(finish)) => {
                let outcome = guarded(|| finish(py)).and_then(|outcome| outcome);
                self.close(py, id, Some(outcome))
            }
            Err(panic) => self.close(py, id, Some(Err(panic))),
        }
    }
}

/// Polls a Rust future on the event loop's thread, once before this returns; returns an asyncio
/// future.
///
/// It costs no trip to a worker, so it is for futures that only wait: for a timer, a channel, a
/// Tokio task. It may own and drop any Python object.
pub(crate) fn drive<F, T, E>(py: Python<'_>, future: F) -> PyResult<Bound<'_, PyAny>>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: for<'a> IntoPyObject<'a> + Send + 'static,
    E: Into<PyErr> + Send + 'static,
{
    runtime(py)?;
    let port = Port::current(py)?;
    let id = port.get().next_id();
    let body: Body = Box::pin(async move {
        let output = future.await;
        let finish: Finish = Box::new(move |py| match output {
            Ok(value) => value.into_py_any(py),
            Err(error) => Err(error.into()),
        });
        finish
    });
    let driven = Driven {
        body: Some(body),
        again: false,
    };
    let opened = Port::open(&port, id, Source::Driven(driven))?;
    port.get().poll(py, id)?;
    Ok(opened)
}
