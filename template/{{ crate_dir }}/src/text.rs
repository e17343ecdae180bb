//! Text as `&str`: borrowed from the Python string.

use pyo3::prelude::*;

use crate::kernel::text;

/// Number of words in `text`: runs of characters that are not whitespace.
#[pyfunction]
pub fn word_count(text: &str) -> usize {
    text::word_count(text)
}
