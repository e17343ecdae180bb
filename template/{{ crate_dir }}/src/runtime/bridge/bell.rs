//! How an event loop learns that its queue is no longer empty.

#[cfg(unix)]
use std::io::{ErrorKind, Read, Write};
#[cfg(unix)]
use std::os::{fd::AsRawFd, unix::net::UnixStream};
use std::sync::Arc;

#[cfg(unix)]
use pyo3::exceptions::{PyAttributeError, PyNotImplementedError};
#[cfg(unix)]
use pyo3::intern;
use pyo3::prelude::*;

use super::port::Port;
use super::queue::Queue;
use super::ringer::Rope;

pub(super) enum Bell {
    /// A byte on a socket that the loop watches.
    #[cfg(unix)]
    Socket {
        inside: UnixStream,
        outside: UnixStream,
    },
    /// A thread that calls `call_soon_threadsafe`, for loops without `add_reader`.
    Thread(Rope),
}

impl Bell {
    pub(super) fn new(port: &Bound<'_, Port>) -> PyResult<Self> {
        #[cfg(unix)]
        if let Some(bell) = Self::socket(port)? {
            return Ok(bell);
        }
        Ok(Self::Thread(Rope::new(port)?))
    }

    #[cfg(unix)]
    fn socket(port: &Bound<'_, Port>) -> PyResult<Option<Self>> {
        let py = port.py();
        let (inside, outside) = UnixStream::pair()?;
        inside.set_nonblocking(true)?;
        outside.set_nonblocking(true)?;
        // The loop keeps the context of this call: the first caller's must not reach the others.
        let context = py.import("contextvars")?.call_method0("Context")?;
        let added = port
            .get()
            .event_loop(py)?
            .getattr(intern!(py, "add_reader"))
            .and_then(|add| context.call_method1("run", (add, inside.as_raw_fd(), port)));
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

    /// Fails where nobody would hear it any more.
    pub(super) fn check(&self) -> PyResult<()> {
        match self {
            #[cfg(unix)]
            Self::Socket { .. } => Ok(()),
            Self::Thread(rope) => rope.check(),
        }
    }

    /// Never blocks, and never fails in a way that matters: a full socket has rung.
    pub(super) fn ring(&self, queue: &Arc<Queue>) {
        match self {
            #[cfg(unix)]
            Self::Socket { outside, .. } => {
                let mut outside: &UnixStream = outside;
                while matches!(outside.write(&[1]), Err(error) if error.kind() == ErrorKind::Interrupted)
                {
                }
            }
            Self::Thread(rope) => rope.pull(queue),
        }
    }

    /// Takes back the rings so far. There is one for each time that the queue was found quiet, so
    /// a few bytes are enough; what is left rings again.
    pub(super) fn quiet(&self) {
        match self {
            #[cfg(unix)]
            Self::Socket { inside, .. } => {
                let mut inside: &UnixStream = inside;
                drop(inside.read(&mut [0; 16]));
            }
            Self::Thread(_) => {}
        }
    }

    /// Lets go of what belongs to Python; the caller is attached.
    pub(super) fn take_down(&self, py: Python<'_>) {
        match self {
            #[cfg(unix)]
            Self::Socket { .. } => {}
            Self::Thread(rope) => rope.cut(py),
        }
    }
}
