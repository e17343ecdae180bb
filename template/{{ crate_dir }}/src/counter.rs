//! A counter that threads share: frozen, its state in an atomic.

use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::create_exception;
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;

create_exception!(
    _core,
    CounterOverflowError,
    PyOverflowError,
    "A counter would exceed 64 bits."
);

/// A count that any number of threads may raise at once.
#[pyclass(frozen)]
pub struct Counter {
    count: AtomicU64,
}

// Compiles only while the class is frozen: no borrow flag, nothing to lock.
const _: fn(&Py<Counter>) -> &Counter = Py::get;

#[pymethods]
impl Counter {
    #[new]
    #[pyo3(signature = (start = 0))]
    fn new(start: u64) -> Self {
        Self {
            count: AtomicU64::new(start),
        }
    }

    /// The count so far.
    #[getter]
    fn value(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Raise the count by `amount` and return the new count.
    #[pyo3(signature = (amount = 1))]
    fn add(&self, amount: u64) -> PyResult<u64> {
        let mut before = self.count.load(Ordering::Relaxed);
        loop {
            let Some(after) = before.checked_add(amount) else {
                return Err(CounterOverflowError::new_err(
                    "the count would exceed 64 bits",
                ));
            };
            match self.count.compare_exchange_weak(
                before,
                after,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Ok(after),
                Err(other) => before = other,
            }
        }
    }

    /// Set the count to zero and return what it was.
    fn reset(&self) -> u64 {
        self.count.swap(0, Ordering::Relaxed)
    }

    fn __repr__(&self) -> String {
        format!("Counter({})", self.value())
    }
}
