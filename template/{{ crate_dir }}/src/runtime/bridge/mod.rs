//! Rust futures as asyncio awaitables, by a queue of completions for each event loop.
//!
//! Ownership is the whole idea: no thread of Tokio ever holds a Python handle or waits for the
//! interpreter. Futures, callbacks, contexts and results belong to the loop's [`port::Port`], which
//! is used on the loop's thread only. A task holds a number and an `Arc` of the loop's
//! [`queue::Queue`]; what it produces is pushed as a closure. The first entry of an empty queue
//! rings the loop's [`bell::Bell`], the loop's thread takes what has gathered, converts it, completes
//! the futures, and drops what is left. So one wake-up serves many completions, and nothing is left
//! for the reference pool of `pyo3` to do, which may be disabled.
//!
//! * [`task`]: futures on Tokio's workers. Their Python objects travel as [`Held`].
//! * [`mod@drive`]: futures polled on the loop's thread itself.
//! * [`held`]: values that go home to be dropped, and calls on the loop's thread.
//! * [`waiting`]: what Python has of a task.
//! * [`lost`]: what came home too late.

mod bell;
mod drive;
mod held;
mod lost;
mod port;
mod queue;
mod ringer;
mod task;
mod waiting;

use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;

use super::{panicked, runtime};

pub(crate) use drive::drive;
pub(crate) use held::Held;
pub(crate) use task::spawn;

/// Runs `f`; its panic must not reach past one entry of a queue.
fn guarded<R>(f: impl FnOnce() -> R) -> PyResult<R> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|payload| panicked(&*payload))
}
