//! Calls back into Python, with Rust tuples as arguments and the token from a `Bound`.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

/// Call `replace(word, position)` for each word of `text` and join what it returns by spaces.
#[pyfunction]
pub fn replace_words<'py>(
    text: &str,
    replace: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyString>> {
    let py = replace.py();
    let words = PyList::empty(py);
    for (position, word) in text.split_whitespace().enumerate() {
        // A Rust tuple uses vectorcall and builds no Python tuple.
        words.append(replace.call1((word, position))?)?;
    }
    let joined = PyString::new(py, " ").call_method1(intern!(py, "join"), (words,))?;
    Ok(joined.cast_into()?)
}
