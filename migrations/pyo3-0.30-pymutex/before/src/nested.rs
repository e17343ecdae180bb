//! The same in other words.

use pyo3::{prelude::*, types::{PyDict, PyMutex}};

pub mod alone {
    use pyo3::types::PyMutex;

    pub static LOCK: PyMutex<u8> = PyMutex::new(0);
}

pub mod both {
    use pyo3::types::{PyMutex, PyMutexGuard};

    pub fn guard(lock: &PyMutex<u8>) -> Option<PyMutexGuard<'_, u8>> {
        lock.lock().ok()
    }
}

pub fn length(dict: &Bound<'_, PyDict>, lock: &PyMutex<usize>) -> usize {
    lock.lock().map_or(0, |value| *value + dict.len())
}
