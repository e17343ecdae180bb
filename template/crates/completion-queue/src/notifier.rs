//! Notifies an event loop that its queue is no longer empty.

#[cfg(unix)]
use std::io::{ErrorKind, Read, Write};
#[cfg(unix)]
use std::os::{fd::AsRawFd, unix::net::UnixStream};

#[cfg(unix)]
use pyo3::exceptions::{PyAttributeError, PyNotImplementedError};
#[cfg(unix)]
use pyo3::intern;
use pyo3::prelude::*;

use crate::notifier_thread::ThreadNotifier;

pub(crate) enum Notifier {
    /// A byte on a socket that the loop watches.
    #[cfg(unix)]
    Socket {
        inside: UnixStream,
        outside: UnixStream,
    },
    /// A thread that calls `call_soon_threadsafe`, for loops without `add_reader`.
    Thread(ThreadNotifier),
}

impl Notifier {
    /// `handler` is what the loop calls when it is notified.
    pub(crate) fn new(event_loop: &Bound<'_, PyAny>, handler: &Bound<'_, PyAny>) -> PyResult<Self> {
        #[cfg(unix)]
        if let Some(notifier) = Self::socket(event_loop, handler)? {
            return Ok(notifier);
        }
        Ok(Self::Thread(ThreadNotifier::new(event_loop, handler)?))
    }

    #[cfg(unix)]
    fn socket(event_loop: &Bound<'_, PyAny>, handler: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        let py = event_loop.py();
        let (inside, outside) = UnixStream::pair()?;
        inside.set_nonblocking(true)?;
        outside.set_nonblocking(true)?;
        // The loop keeps the context of this call, which must not be that of the first caller.
        let context = py.import("contextvars")?.call_method0("Context")?;
        let added = event_loop
            .getattr(intern!(py, "add_reader"))
            .and_then(|add| context.call_method1("run", (add, inside.as_raw_fd(), handler)));
        match added {
            Ok(_) => Ok(Some(Self::Socket { inside, outside })),
            Err(error)
                if error.is_instance_of::<PyNotImplementedError>(py)
                    || error.is_instance_of::<PyAttributeError>(py) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Fails if the loop can no longer be notified.
    pub(crate) fn check(&self) -> PyResult<()> {
        match self {
            #[cfg(unix)]
            Self::Socket { .. } => Ok(()),
            Self::Thread(thread) => thread.check(),
        }
    }

    /// Never blocks. An error does not matter: if the socket is full, the loop has been notified.
    pub(crate) fn notify(&self) {
        match self {
            #[cfg(unix)]
            Self::Socket { outside, .. } => {
                let mut outside: &UnixStream = outside;
                while matches!(outside.write(&[1]), Err(error) if error.kind() == ErrorKind::Interrupted)
                {
                }
            }
            Self::Thread(thread) => thread.notify(),
        }
    }

    /// Consumes the wake-ups so far. There is one each time that the queue was empty, so a few
    /// bytes are enough; what remains wakes the loop again.
    pub(crate) fn drain_wakeups(&self) {
        match self {
            #[cfg(unix)]
            Self::Socket { inside, .. } => {
                let mut inside: &UnixStream = inside;
                drop(inside.read(&mut [0; 16]));
            }
            Self::Thread(_) => {}
        }
    }

    /// Releases what belongs to Python; the caller is attached.
    pub(crate) fn release(&self, py: Python<'_>) {
        match self {
            #[cfg(unix)]
            Self::Socket { .. } => {}
            Self::Thread(thread) => thread.release(py),
        }
    }
}
