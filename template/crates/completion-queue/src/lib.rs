//! Rust futures as asyncio awaitables, completed in batches on the event loop's own thread.
//!
//! No thread of Tokio ever holds a Python handle or waits for the interpreter. Futures, callbacks,
//! contexts and results belong to the loop's dispatcher, which is used on the loop's thread only. A
//! task holds a number and an `Arc` of the loop's queue; what it produces is pushed as a closure. The
//! first entry of an empty queue notifies the loop, whose thread takes what has gathered, converts
//! it, completes the futures, and drops what is left. So one wake-up serves many completions, and
//! nothing is left for the reference pool of `pyo3`, which may be disabled.
//!
//! * [`spawn`] runs a future on Tokio's workers. Python objects travel in it as [`LoopBound`].
//! * [`drive()`] is for a future that only waits. It may own Python objects as they are.

mod dispatcher;
mod drive;
mod job;
mod loop_bound;
mod notifier;
mod notifier_thread;
mod panics;
mod pending;
mod polling;
mod queue;
mod spawn;

pub use drive::drive;
pub use loop_bound::LoopBound;
pub use spawn::spawn;
