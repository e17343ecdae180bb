//! Results as Python objects: derived conversions, and no new object for an old value.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::kernel::{normalize, search, text};

/// A dict on the Python side, its keys the names of the fields.
#[derive(IntoPyObject)]
pub struct Summary {
    characters: usize,
    words: usize,
    lines: usize,
}

/// The number of characters, words and lines of `text`.
#[pyfunction]
pub fn summarize(text: &str) -> Summary {
    Summary {
        characters: text.chars().count(),
        words: text::word_count(text),
        lines: search::line_count(text.as_bytes()),
    }
}

/// `text` trimmed, with every run of whitespace replaced by one space.
///
/// Text that is already in that form is returned as the same object.
#[pyfunction]
pub fn collapse_whitespace<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyString>> {
    match normalize::collapse_whitespace(text.to_str()?) {
        // Converting the borrowed `str` would build an equal, new string.
        Cow::Borrowed(_) => Ok(text.clone()),
        Cow::Owned(collapsed) => Ok(PyString::new(text.py(), &collapsed)),
    }
}
