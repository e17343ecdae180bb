//! A lock that knows the interpreter.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyMutex};

#[pyclass(frozen)]
pub struct Tally {
    counts: PyMutex<Vec<u64>>,
}

#[pymethods]
impl Tally {
    #[new]
    fn new() -> Self {
        Self {
            counts: PyMutex::new(Vec::new()),
        }
    }

    fn add(&self, count: u64) -> usize {
        let mut counts: pyo3::types::PyMutexGuard<'_, Vec<u64>> = self.counts.lock().expect("PyMutex is poisoned");
        counts.push(count);
        counts.len()
    }

    fn clear(&self, list: &Bound<'_, PyList>, dict: &Bound<'_, PyDict>) -> usize {
        list.len() + dict.len()
    }
}
