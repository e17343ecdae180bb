//! Polls futures on the event loop's thread, attached.

use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use pyo3::prelude::*;

use crate::job::Job;
use crate::panics::catch;
use crate::pending::PendingFutures;
use crate::queue::{POLLED, Queue};

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

/// Polls the driven future of this number, and completes its asyncio future when it is done.
pub(crate) fn poll(
    py: Python<'_>,
    pending: &PendingFutures,
    queue: &Arc<Queue>,
    id: u64,
) -> PyResult<()> {
    let taken = pending.with_driven(py, id, |driven| {
        let body = driven.body.take();
        driven.again = body.is_none();
        body.map(|body| (body, driven.runtime.clone()))
    });
    let Some((mut body, runtime)) = taken.flatten() else {
        return Ok(());
    };
    let waker = Waker::from(Arc::new(Woken {
        id,
        queue: Arc::clone(queue),
    }));
    let polled = {
        let _entered = runtime.enter();
        POLLED.sync_scope((id, Arc::clone(queue)), || {
            catch(|| body.as_mut().poll(&mut Context::from_waker(&waker)))
        })
    };
    match polled {
        Ok(Poll::Pending) => {
            let mut body = Some(body);
            let again = pending.with_driven(py, id, |driven| {
                driven.body = body.take();
                driven.again
            });
            // If it was not put back, it was cancelled during its own poll, and is dropped here.
            drop(body);
            if again == Some(true) {
                queue.push(Job::Poll(id));
            }
            Ok(())
        }
        Ok(Poll::Ready(finish)) => {
            let outcome = catch(|| finish(py)).and_then(|outcome| outcome);
            pending.complete(py, id, Some(outcome))
        }
        Err(panic) => pending.complete(py, id, Some(Err(panic))),
    }
}
