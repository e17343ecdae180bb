use pyo3::prelude::*;
use pyo3::types::PyType;

/// Adds an Option<u64>.
#[pyfunction]
#[pyo3(signature = (x, amount=None, scale=None))]
pub fn increment(py: Python<'_>, x: u64, mut amount: Option<u64>, scale: Option<u64>) -> u64 {
    let _ = py;
    amount = amount.or(Some(1));
    (x + amount.unwrap_or(1)) * scale.unwrap_or(1)
}

#[pyfunction]
#[pyo3(signature = (x, amount=None))]
pub fn decrement(x: u64, amount: Option<u64>) -> u64 {
    x - amount.unwrap_or(1)
}

#[pyclass]
pub struct Counter {
    count: u64,
}

#[pymethods]
impl Counter {
    #[new]
    // An Option<u64>.
    #[pyo3(signature = (start=None))]
    fn new(start: Option<u64>) -> Self {
        Counter { count: start.unwrap_or(0) }
    }

    #[classmethod]
    #[pyo3(signature = (count=None))]
    fn of(_cls: &Bound<'_, PyType>, count: Option<u64>) -> Self {
        Counter { count: count.unwrap_or(0) }
    }

    #[setter]
    fn set_count(&mut self, count: Option<u64>) {
        self.count = count.unwrap_or(0);
    }

    #[pyo3(signature = (first, second=None))]
    fn add(slf: PyRef<'_, Self>, first: u64, second: Option<u64>) -> u64 {
        slf.count + first + second.unwrap_or(0)
    }
}
