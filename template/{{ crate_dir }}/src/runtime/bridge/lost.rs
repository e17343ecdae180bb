//! What was pushed after its event loop had gone.
//!
//! It may own Python handles, and the thread that pushed it must not attach to drop them: before
//! Python 3.14 a thread that attaches while the interpreter exits is ended from outside, which
//! aborts the process. So it waits here for the next port; without one, the exit takes it.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::sync::MutexExt;

use super::guarded;
use super::queue::Job;

static LOST: Mutex<Vec<Job>> = Mutex::new(Vec::new());

pub(super) fn keep(job: Job) {
    LOST.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(job);
}

pub(super) fn clear(py: Python<'_>) {
    let mut lost = LOST
        .lock_py_attached(py)
        .unwrap_or_else(PoisonError::into_inner);
    let jobs = std::mem::take(&mut *lost);
    // A job's own drop may come back to `keep`.
    drop(lost);
    discard(py, jobs);
}

/// Drops jobs one by one, so that a panic in one of them does not reach the others.
pub(super) fn discard(py: Python<'_>, jobs: impl IntoIterator<Item = Job>) {
    for job in jobs {
        if let Err(panic) = guarded(|| drop(job)) {
            panic.write_unraisable(py, None);
        }
    }
}
