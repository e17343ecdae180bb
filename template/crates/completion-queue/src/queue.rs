//! The jobs of an event loop, in the order in which they were pushed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::job::{Job, keep_orphan};
use crate::notifier::Notifier;

/// The most jobs in one turn of the loop, so that its sockets and timers do not starve.
const TURN: usize = 512;

tokio::task_local! {
    /// The future that is being polled: its number, and the queue of its loop.
    pub(crate) static POLLED: (u64, Arc<Queue>);
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// The loop has been notified, and has not taken its jobs yet.
    notified: bool,
    /// The dispatcher is gone: no one will take the jobs.
    closed: bool,
}

#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    notifier: OnceLock<Notifier>,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        // No foreign code runs under this lock, so the state is consistent even if it is poisoned.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_notifier(&self, notifier: Notifier) {
        // Set once, by the dispatcher that created the queue.
        drop(self.notifier.set(notifier));
    }

    pub(crate) fn push(&self, job: Job) {
        let mut state = self.state();
        if state.closed {
            drop(state);
            keep_orphan(job);
            return;
        }
        state.jobs.push_back(job);
        let notified = std::mem::replace(&mut state.notified, true);
        drop(state);
        if !notified {
            self.notify();
        }
    }

    fn notify(&self) {
        if let Some(notifier) = self.notifier.get() {
            notifier.notify();
        }
    }

    /// The next jobs, at most a [`TURN`] of them; for the rest the loop is notified again.
    pub(crate) fn take(&self) -> Vec<Job> {
        if let Some(notifier) = self.notifier.get() {
            // Before the lock is taken: a later wake-up announces jobs that are not taken now.
            notifier.drain_wakeups();
        }
        let mut state = self.state();
        let turn = state.jobs.len().min(TURN);
        let jobs = state.jobs.drain(..turn).collect();
        let more = !state.jobs.is_empty();
        state.notified = more;
        drop(state);
        if more {
            self.notify();
        }
        jobs
    }

    /// Returns the remaining jobs of a turn that was interrupted.
    pub(crate) fn put_back(&self, jobs: impl DoubleEndedIterator<Item = Job>) {
        let mut state = self.state();
        for job in jobs.rev() {
            state.jobs.push_front(job);
        }
        let notify = !state.jobs.is_empty() && !std::mem::replace(&mut state.notified, true);
        drop(state);
        if notify {
            self.notify();
        }
    }

    /// Closes the queue; the caller is attached and drops its jobs.
    pub(crate) fn close(&self) -> VecDeque<Job> {
        let mut state = self.state();
        state.closed = true;
        std::mem::take(&mut state.jobs)
    }

    pub(crate) fn notifier(&self) -> Option<&Notifier> {
        self.notifier.get()
    }
}
