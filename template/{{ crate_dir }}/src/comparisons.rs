//! The same work without the practices, only for `benchmarks/`.

// pyo3-kit: ignore-file[ALL] this code is slow on purpose

use std::borrow::Cow;
use std::hint::black_box;

use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use crate::errors::Failure;
use crate::kernel;
use crate::kernel::{search, text};

#[pymodule(submodule)]
pub mod comparisons {
    #[pymodule_export]
    use super::{
        BorrowedCounter, FreelistCounter, OwnedKeyword, checksum_of_copy, count_attached,
        line_count, line_count_of_copy, refuse_by_panic, replace_by_tuple, sum_by_cast,
        sum_by_extract, summarize_by_hand, tokens_by_attach, tokens_by_bound, unchanged_object,
        unchanged_text, word_count_of_copy, word_counts_attached,
    };
}

/// PYO01: one core, while all other Python threads wait.
#[pyfunction]
fn word_counts_attached(texts: &Bound<'_, PyList>) -> PyResult<Vec<usize>> {
    let texts = texts
        .iter()
        .map(|text| text.extract())
        .collect::<PyResult<Vec<PyBackedStr>>>()?;
    Ok(texts.iter().map(|text| text::word_count(text)).collect())
}

/// PYO01: `Keyword("words").count_in` while all other Python threads wait.
#[pyfunction]
fn count_attached(text: &str) -> usize {
    search::occurrences(text, "words")
}

/// PYO02: the sum of numbers, each type distinguished by `cast`.
#[pyfunction]
fn sum_by_cast(numbers: &Bound<'_, PyList>) -> PyResult<f64> {
    let mut sum = 0.0;
    for number in numbers {
        sum += if let Ok(int) = number.cast::<PyInt>() {
            f64::from(int.extract::<i32>()?)
        } else if let Ok(float) = number.cast::<PyFloat>() {
            float.value()
        } else {
            return Err(Failure::unsupported(&number).into());
        };
    }
    Ok(sum)
}

/// PYO02: each float first fails to convert to an int, which builds an exception.
#[pyfunction]
fn sum_by_extract(numbers: &Bound<'_, PyList>) -> PyResult<f64> {
    let mut sum = 0.0;
    for number in numbers {
        sum += if let Ok(int) = number.extract::<i32>() {
            f64::from(int)
        } else if let Ok(float) = number.extract::<f64>() {
            float
        } else {
            return Err(Failure::unsupported(&number).into());
        };
    }
    Ok(sum)
}

/// PYO03: the token of a `Bound`, `rounds` times.
#[pyfunction]
fn tokens_by_bound(value: &Bound<'_, PyAny>, rounds: usize) {
    let kept = value.clone().unbind();
    for _ in 0..rounds {
        black_box(kept.bind(value.py()));
    }
}

/// PYO03: the token of `attach`, `rounds` times.
#[pyfunction]
#[expect(clippy::disallowed_methods, reason = "the cost to be measured")]
fn tokens_by_attach(value: &Bound<'_, PyAny>, rounds: usize) {
    let kept = value.clone().unbind();
    for _ in 0..rounds {
        Python::attach(|py| {
            black_box(kept.bind(py));
        });
    }
}

/// PYO04: `replace_words` with a Python tuple.
#[pyfunction]
#[expect(clippy::disallowed_methods, reason = "the cost to be measured")]
fn replace_by_tuple<'py>(
    text: &str,
    replace: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyString>> {
    let py = replace.py();
    let words = PyList::empty(py);
    for (position, word) in text.split_whitespace().enumerate() {
        let word = word.into_pyobject(py)?.into_any();
        let position = position.into_pyobject(py)?.into_any();
        words.append(replace.call1(PyTuple::new(py, [word, position])?)?)?;
    }
    let joined = PyString::new(py, " ").call_method1("join", (words,))?;
    Ok(joined.cast_into()?)
}

/// PYO06: the bytes borrowed.
#[pyfunction]
fn line_count(data: &[u8]) -> usize {
    search::line_count(data)
}

/// PYO06: the bytes copied.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "the cost to be measured")]
fn line_count_of_copy(data: Vec<u8>) -> usize {
    search::line_count(&data)
}

/// PYO06: any buffer, but read item by item.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "the cost to be measured")]
fn checksum_of_copy(data: Vec<u8>) -> u32 {
    kernel::checksum::checksum(&data)
}

/// PYO07: unchanged text, returned as the same object.
#[pyfunction]
fn unchanged_object<'py>(text: &Bound<'py, PyString>) -> Bound<'py, PyString> {
    text.clone()
}

/// PYO07: unchanged text, converted to a new object.
#[pyfunction]
fn unchanged_text(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// PYO07: the dict built by hand.
#[pyfunction]
fn summarize_by_hand<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyDict>> {
    let summary = PyDict::new(py);
    summary.set_item("characters", text.chars().count())?;
    summary.set_item("words", text::word_count(text))?;
    summary.set_item("lines", search::line_count(text.as_bytes()))?;
    Ok(summary)
}

/// PYO08: not frozen, so each call acquires and releases the borrow flag.
#[pyclass]
struct BorrowedCounter {
    count: u64,
}

#[pymethods]
impl BorrowedCounter {
    #[new]
    fn new() -> Self {
        Self { count: 0 }
    }

    #[pyo3(signature = (amount = 1))]
    fn add(&mut self, amount: u64) -> PyResult<u64> {
        let raised = self.count.checked_add(amount);
        self.count =
            raised.ok_or_else(|| PyOverflowError::new_err("the count would exceed 64 bits"))?;
        Ok(self.count)
    }
}

/// PYO08: `Counter` with a freelist; use it only if it is measurably faster.
#[pyclass(frozen, freelist = 64)]
struct FreelistCounter {
    #[expect(dead_code, reason = "as large as a `Counter`")]
    count: std::sync::atomic::AtomicU64,
}

#[pymethods]
impl FreelistCounter {
    #[new]
    #[pyo3(signature = (start = 0))]
    fn new(start: u64) -> Self {
        Self {
            count: start.into(),
        }
    }
}

/// PYO10: the text copied.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "the cost to be measured")]
fn word_count_of_copy(text: String) -> usize {
    text::word_count(&text)
}

/// PYO10: a `Keyword` that keeps a copy.
#[pyclass(frozen)]
struct OwnedKeyword {
    #[expect(dead_code, reason = "kept, as `Keyword` keeps it")]
    text: String,
}

#[pymethods]
impl OwnedKeyword {
    #[new]
    fn new(text: String) -> Self {
        Self { text }
    }
}

/// PYO11: an error raised by a panic, which PyO3 catches.
#[pyfunction]
fn refuse_by_panic(value: &Bound<'_, PyAny>) -> PyResult<()> {
    // What `panic!` does after it has printed its message.
    std::panic::resume_unwind(Box::new(value.get_type().name()?.to_string()))
}
