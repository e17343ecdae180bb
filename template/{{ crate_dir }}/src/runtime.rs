//! The one Tokio runtime of this module, and the bridge from its futures to asyncio.
//!
//! * [`spawn`] runs a future on the worker threads. Python objects travel in it as [`LoopBound`].
//! * [`drive`] is for a future that only waits. It may own Python objects directly.
//! * [`joined`] awaits a Tokio task, including `spawn_blocking`, inside such a future.
//!
//! This module rejects subinterpreters, so one runtime per process is one per interpreter.

mod bridge;

use std::future::Future;
use std::num::NonZero;
use std::process;
use std::thread::available_parallelism;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use tokio::runtime::{Builder, Runtime};
use tokio::task::{AbortHandle, JoinError, JoinHandle};

pub(crate) use bridge::{LoopBound, drive, spawn};

pyo3::import_exception!(asyncio, CancelledError);

/// Waiting needs few threads, and each additional one competes for the interpreter.
///
/// The event loop's own thread needs a core too: for each new task Tokio wakes another worker to
/// look for more work, which slows down the loop if no core is free.
const MAX_WORKERS: usize = 4;

/// For files and other blocking calls; Tokio's default of 512 threads is meant for servers.
const MAX_BLOCKING: usize = 64;

struct Started {
    pid: u32,
    runtime: Runtime,
}

/// Starts the runtime on first use, so an earlier fork does no harm.
pub(crate) fn runtime(py: Python<'_>) -> PyResult<&'static Runtime> {
    static STARTED: PyOnceLock<Started> = PyOnceLock::new();
    let started = STARTED.get_or_try_init(py, || {
        let cores = available_parallelism().map_or(1, NonZero::get);
        let workers = cores.saturating_sub(1).clamp(1, MAX_WORKERS);
        let runtime = Builder::new_multi_thread()
            .worker_threads(workers)
            .thread_name(concat!(env!("CARGO_PKG_NAME"), "-tokio"))
            .max_blocking_threads(MAX_BLOCKING)
            .enable_all()
            .build()?;
        PyResult::Ok(Started {
            pid: process::id(),
            runtime,
        })
    })?;
    // A forked child does not have the workers: without this check its futures would wait forever.
    if started.pid == process::id() {
        Ok(&started.runtime)
    } else {
        Err(PyRuntimeError::new_err(
            "the process was forked after its Tokio runtime had started: \
             use multiprocessing's \"spawn\" or \"forkserver\" start method",
        ))
    }
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The output of a Tokio task. A panic continues here, a cancellation becomes
/// `asyncio.CancelledError`, and a task that is not awaited to its end is aborted.
pub(crate) fn joined<T: Send>(task: JoinHandle<T>) -> impl Future<Output = PyResult<T>> + Send {
    let guard = AbortOnDrop(task.abort_handle());
    async move {
        let _guard = guard;
        task.await
            .map_err(|error| match JoinError::try_into_panic(error) {
                Ok(payload) => std::panic::resume_unwind(payload),
                Err(_) => CancelledError::new_err(()),
            })
    }
}
