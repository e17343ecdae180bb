//! What only the tests of the async functions need.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use pyo3::exceptions::{PyStopIteration, PyValueError};
use pyo3::prelude::*;
use tokio::runtime::Handle;
use tokio::task;

use crate::runtime::{LoopBound, drive, joined, runtime, spawn};

type Object = Py<PyAny>;

static ALIVE: AtomicUsize = AtomicUsize::new(0);

/// Counts the futures that have not been dropped.
struct Alive;

impl Alive {
    fn new() -> Self {
        ALIVE.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A Rust value, through a worker.
#[pyfunction]
fn number(py: Python<'_>, value: u64) -> PyResult<Bound<'_, PyAny>> {
    spawn(py, async move {
        task::yield_now().await;
        PyResult::Ok(value)
    })
}

/// A Rust value, through the `drive` of the bridge.
#[pyfunction]
fn driven_number(py: Python<'_>, value: u64) -> PyResult<Bound<'_, PyAny>> {
    drive(py, async move {
        task::yield_now().await;
        PyResult::Ok(value)
    })
}

/// The argument itself, bound to the loop on the way.
#[pyfunction]
fn echo(py: Python<'_>, value: Object) -> PyResult<Bound<'_, PyAny>> {
    let value = LoopBound::new(py, value)?;
    spawn(py, async move {
        task::yield_now().await;
        PyResult::Ok(value)
    })
}

/// The argument dropped by a worker in the middle of the task.
#[pyfunction]
fn let_go(py: Python<'_>, value: Object) -> PyResult<Bound<'_, PyAny>> {
    let value = LoopBound::new(py, value)?;
    spawn(py, async move {
        task::yield_now().await;
        drop(value);
        task::yield_now().await;
        PyResult::Ok(())
    })
}

/// The argument owned as it is, by a driven future.
#[pyfunction]
fn own(py: Python<'_>, value: Object) -> PyResult<Bound<'_, PyAny>> {
    drive(py, async move {
        task::yield_now().await;
        drop(value);
        PyResult::Ok(())
    })
}

/// An error made in Rust.
#[pyfunction]
fn fail(py: Python<'_>, stop: bool) -> PyResult<Bound<'_, PyAny>> {
    spawn(py, async move {
        task::yield_now().await;
        Err::<(), _>(if stop {
            PyStopIteration::new_err("stop")
        } else {
            PyValueError::new_err("no")
        })
    })
}

/// An exception of Python's, raised by a worker's task or a driven one.
#[pyfunction]
fn throw<'py>(
    py: Python<'py>,
    exception: Bound<'py, PyAny>,
    driven: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let error = PyErr::from_value(exception);
    let future = async move {
        task::yield_now().await;
        Err::<(), _>(error)
    };
    if driven {
        drive(py, future)
    } else {
        spawn(py, future)
    }
}

/// An exception of Python's that is at hand, and never raised.
#[pyfunction]
fn withhold<'py>(
    py: Python<'py>,
    exception: Bound<'py, PyAny>,
    driven: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let error = PyErr::from_value(exception);
    let future = async move {
        std::future::pending::<()>().await;
        Err::<(), _>(error)
    };
    if driven {
        drive(py, future)
    } else {
        spawn(py, future)
    }
}

#[expect(clippy::panic, reason = "a panic is what is tested")]
fn fall_over() -> PyResult<()> {
    panic!("on purpose")
}

/// A panic while the future owns a Python object.
#[pyfunction]
fn panic(py: Python<'_>, value: Object, driven: bool) -> PyResult<Bound<'_, PyAny>> {
    let value = LoopBound::new(py, value)?;
    let future = async move {
        task::yield_now().await;
        let _bound = value;
        fall_over()
    };
    if driven {
        drive(py, future)
    } else {
        spawn(py, future)
    }
}

/// A future that owns an object and is never done.
#[pyfunction]
fn hang(py: Python<'_>, value: Object, driven: bool) -> PyResult<Bound<'_, PyAny>> {
    let alive = Alive::new();
    let value = LoopBound::new(py, value)?;
    let future = async move {
        let _bound = (value, alive);
        std::future::pending::<PyResult<()>>().await
    };
    if driven {
        drive(py, future)
    } else {
        spawn(py, future)
    }
}

/// A future that owns an object for a time that a cancel may race with.
#[pyfunction]
fn race(py: Python<'_>, value: Object, micros: u64) -> PyResult<Bound<'_, PyAny>> {
    let alive = Alive::new();
    let value = LoopBound::new(py, value)?;
    spawn(py, async move {
        let _alive = alive;
        task::spawn_blocking(move || thread::sleep(Duration::from_micros(micros)))
            .await
            .ok();
        PyResult::Ok(value)
    })
}

/// A Tokio task that Rust aborts.
#[pyfunction]
fn abort(py: Python<'_>, value: Object) -> PyResult<Bound<'_, PyAny>> {
    let value = LoopBound::new(py, value)?;
    let tokio = runtime(py)?;
    spawn(py, async move {
        let task = tokio.spawn(async move {
            let _value = value;
            std::future::pending::<()>().await;
        });
        task::yield_now().await;
        task.abort();
        joined(task).await
    })
}

/// The result of `callback()`, called on the event loop's thread.
#[pyfunction]
fn call(py: Python<'_>, callback: Object) -> PyResult<Bound<'_, PyAny>> {
    let callback = LoopBound::new(py, callback)?;
    spawn(py, async move {
        task::yield_now().await;
        callback.with(|py, callback| callback.call0(py)).await
    })
}

/// As `call`, but the error of the callback is dropped by the worker.
#[pyfunction]
fn call_and_ignore(py: Python<'_>, callback: Object) -> PyResult<Bound<'_, PyAny>> {
    let callback = LoopBound::new(py, callback)?;
    spawn(py, async move {
        let failed = callback
            .with(|py, callback| callback.call0(py))
            .await
            .is_err();
        task::yield_now().await;
        PyResult::Ok(failed)
    })
}

/// The futures of this file that were not dropped.
#[pyfunction]
fn alive() -> usize {
    ALIVE.load(Ordering::SeqCst)
}

/// Whether tasks and blocking calls run on the one runtime, its number of workers, and a thread's
/// name.
#[pyfunction]
fn one_runtime(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let id = runtime(py)?.handle().id();
    spawn(py, async move {
        let here = Handle::current();
        let blocking = joined(task::spawn_blocking(|| Handle::current().id())).await?;
        let name = thread::current().name().unwrap_or_default().to_owned();
        PyResult::Ok((
            here.id() == id && blocking == id,
            here.metrics().num_workers(),
            name,
        ))
    })
}

#[pymodule(submodule)]
pub(crate) mod testing {
    #[pymodule_export]
    use super::{
        abort, alive, call, call_and_ignore, driven_number, echo, fail, hang, let_go, number,
        one_runtime, own, panic, race, throw, withhold,
    };
}
