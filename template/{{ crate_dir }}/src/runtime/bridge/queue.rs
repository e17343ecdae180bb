//! What Rust's threads have for an event loop, in the order in which it came.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use pyo3::prelude::*;

use super::bell::Bell;
use super::lost;

/// Makes the outcome of a future; called attached.
pub(super) type Finish = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

pub(super) type Call = Box<dyn FnOnce(Python<'_>) + Send>;

pub(super) enum Job {
    /// The future of this number is done.
    Finish(u64, Finish),
    /// The task of this number was cancelled, and this is left of it.
    Cancelled(u64, Box<dyn Any + Send>),
    /// The driven future of this number was woken.
    Poll(u64),
    /// To be called on the loop's thread for the future of this number, unless Python has ended it.
    Call(Option<u64>, Call),
    /// To be called, or only to be dropped, on the loop's thread.
    Run(Call),
}

/// The most that the loop does in one turn: its sockets and timers must not starve.
const TURN: usize = 512;

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// The loop has been told, and has not come yet.
    rung: bool,
    /// The port is gone: nobody will come.
    closed: bool,
}

#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    bell: OnceLock<Bell>,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        // No code of others runs under this lock, so there is nothing half done to fear.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn hang(&self, bell: Bell) {
        // A queue gets its bell once, from the port that made both.
        drop(self.bell.set(bell));
    }

    pub(super) fn push(self: &Arc<Self>, job: Job) {
        let mut state = self.state();
        if state.closed {
            drop(state);
            lost::keep(job);
            return;
        }
        state.jobs.push_back(job);
        let rung = std::mem::replace(&mut state.rung, true);
        drop(state);
        if !rung {
            self.ring();
        }
    }

    fn ring(self: &Arc<Self>) {
        if let Some(bell) = self.bell.get() {
            bell.ring(self);
        }
    }

    /// The next jobs, at most a [`TURN`] of them; for the rest the bell is rung again.
    pub(super) fn take(self: &Arc<Self>) -> Vec<Job> {
        if let Some(bell) = self.bell.get() {
            // Before the lock is taken: a ring that comes after it announces what stays behind.
            bell.quiet();
        }
        let mut state = self.state();
        let turn = state.jobs.len().min(TURN);
        let jobs = state.jobs.drain(..turn).collect();
        let more = !state.jobs.is_empty();
        state.rung = more;
        drop(state);
        if more {
            self.ring();
        }
        jobs
    }

    /// Takes back the end of a turn that was interrupted.
    pub(super) fn put_back(self: &Arc<Self>, jobs: impl DoubleEndedIterator<Item = Job>) {
        let mut state = self.state();
        for job in jobs.rev() {
            state.jobs.push_front(job);
        }
        let ring = !state.jobs.is_empty() && !std::mem::replace(&mut state.rung, true);
        drop(state);
        if ring {
            self.ring();
        }
    }

    /// Ends the queue; the caller is attached and drops what was in it.
    pub(super) fn close(&self) -> VecDeque<Job> {
        let mut state = self.state();
        state.closed = true;
        std::mem::take(&mut state.jobs)
    }

    pub(super) fn bell(&self) -> Option<&Bell> {
        self.bell.get()
    }
}
