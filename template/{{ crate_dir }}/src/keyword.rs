//! A class that keeps text: `PyBackedStr` keeps the Python string itself.

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;

use crate::kernel::search;

/// A word or phrase to look for in many texts.
#[pyclass(frozen)]
pub struct Keyword {
    text: PyBackedStr,
}

// Compiles only while the class is frozen: no borrow flag, nothing to lock.
const _: fn(&Py<Keyword>) -> &Keyword = Py::get;

#[pymethods]
impl Keyword {
    #[new]
    fn new(text: PyBackedStr) -> Self {
        Self { text }
    }

    /// The text that the keyword was made from, as the same object.
    #[getter]
    fn text(&self) -> &PyBackedStr {
        &self.text
    }

    /// Number of places where the keyword occurs in `text`, overlaps not counted.
    fn count_in(&self, py: Python<'_>, text: &str) -> usize {
        // Detached code may borrow a `PyBackedStr`, but must not drop it.
        py.detach(|| search::occurrences(text, &self.text))
    }
}
