//! Jobs that Rust threads give to an event loop, also after the loop is gone.

use std::any::Any;
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::sync::MutexExt;

use crate::panics::catch;

/// Creates the outcome of a future; called while attached.
pub(crate) type Finish = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

pub(crate) type Call = Box<dyn FnOnce(Python<'_>) + Send>;

pub(crate) enum Job {
    /// The future of this number is done.
    Finish(u64, Finish),
    /// The task of this number was cancelled; this is what remains of it.
    Cancelled(u64, Box<dyn Any + Send>),
    /// The driven future of this number was woken.
    Poll(u64),
    /// To be called on the loop's thread for the future of this number, unless Python has ended it.
    Call(Option<u64>, Call),
    /// To be called, or only to be dropped, on the loop's thread.
    Run(Call),
}

/// Jobs that were pushed after their event loop was gone.
///
/// They may own Python handles, and the thread that pushed them must not attach to drop them:
/// before Python 3.14 a thread that attaches while the interpreter exits is terminated, which
/// aborts the process. So they are kept for the next loop, or until the process ends.
static ORPHANS: Mutex<Vec<Job>> = Mutex::new(Vec::new());

pub(crate) fn keep_orphan(job: Job) {
    ORPHANS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(job);
}

pub(crate) fn drop_orphans(py: Python<'_>) {
    let mut orphans = ORPHANS
        .lock_py_attached(py)
        .unwrap_or_else(PoisonError::into_inner);
    let jobs = std::mem::take(&mut *orphans);
    // Dropping a job may call `keep_orphan` again.
    drop(orphans);
    drop_each(py, jobs);
}

/// Drops jobs one by one, so that a panic in one of them does not reach the others.
pub(crate) fn drop_each(py: Python<'_>, jobs: impl IntoIterator<Item = Job>) {
    for job in jobs {
        if let Err(panic) = catch(|| drop(job)) {
            panic.write_unraisable(py, None);
        }
    }
}
