//! Many texts in one call, detached from the interpreter and on all cores.

use std::process;
use std::sync::OnceLock;

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::PyList;
use rayon::prelude::*;

use crate::kernel::text;

/// Number of words in each of `texts`, counted in parallel.
// A list, not `Vec<PyBackedStr>`: that trusts any sequence's `__len__`, and panics if it is wrong.
#[pyfunction]
pub fn word_counts(texts: &Bound<'_, PyList>) -> PyResult<Vec<usize>> {
    let py = texts.py();
    let texts = texts
        .iter()
        .map(|text| text.extract())
        .collect::<PyResult<Vec<PyBackedStr>>>()?;
    // The threads only borrow: a `PyBackedStr` that is dropped while detached goes to the reference
    // pool, and aborts the process if the pool is disabled.
    Ok(py.detach(|| {
        if has_threads() {
            texts
                .par_iter()
                .map(|text| text::word_count(text))
                .collect()
        } else {
            texts.iter().map(|text| text::word_count(text)).collect()
        }
    }))
}

/// False in a child that was forked after rayon had started: it does not have rayon's threads, and
/// a parallel call would wait for them forever.
fn has_threads() -> bool {
    static STARTED_IN: OnceLock<u32> = OnceLock::new();
    let current = process::id();
    *STARTED_IN.get_or_init(|| current) == current
}
