//! Async functions: waiting is driven, work is spawned, files are read on blocking threads.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyList;
use tokio::task;

use crate::runtime::{LoopBound, drive, joined, runtime, spawn};

/// Sleep on Tokio's timer, then return `result`. As with `asyncio.sleep`, zero only yields.
#[pyfunction]
#[pyo3(signature = (delay, result = None))]
pub(crate) fn sleep(
    py: Python<'_>,
    delay: f64,
    result: Option<Py<PyAny>>,
) -> PyResult<Bound<'_, PyAny>> {
    let delay = if delay <= 0.0 {
        Duration::ZERO
    } else {
        Duration::try_from_secs_f64(delay)
            .map_err(|error| PyValueError::new_err(format!("delay: {error}")))?
    };
    drive(py, async move {
        if delay.is_zero() {
            task::yield_now().await;
        } else {
            tokio::time::sleep(delay).await;
        }
        PyResult::Ok(result)
    })
}

/// Count the words of a file, separated by ASCII whitespace, without blocking the event loop.
#[pyfunction]
pub(crate) fn count_words(py: Python<'_>, path: PathBuf) -> PyResult<Bound<'_, PyAny>> {
    spawn(py, async move {
        let words = joined(task::spawn_blocking(move || words_in(&path))).await??;
        PyResult::Ok(words)
    })
}

/// Count the words of all files at once, and return the sum.
///
/// Calls `visit(path, words)` for each in the given order on the event loop's thread.
// A list, not `Vec<PathBuf>`: that trusts any sequence's `__len__`, and panics if it is wrong.
#[pyfunction]
pub(crate) fn visit_words<'py>(
    paths: &Bound<'py, PyList>,
    visit: Py<PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = paths.py();
    let paths = paths
        .iter()
        .map(|path| path.extract())
        .collect::<PyResult<Vec<PathBuf>>>()?;
    let tokio = runtime(py)?;
    let mut visit = LoopBound::new(py, visit)?;
    spawn(py, async move {
        let counts = paths.into_iter().map(|path| {
            let counted = path.clone();
            (
                path,
                joined(tokio.spawn_blocking(move || words_in(&counted))),
            )
        });
        let mut total = 0;
        for (path, count) in counts.collect::<Vec<_>>() {
            let words = count.await??;
            total += words;
            let visited = visit.with(move |py, visit| {
                visit.bind(py).call1((path, words))?;
                Ok(visit)
            });
            visit = visited.await?;
        }
        PyResult::Ok(total)
    })
}

fn words_in(path: &Path) -> io::Result<u64> {
    let mut reader = BufReader::new(File::open(path)?);
    let (mut words, mut inside) = (0, false);
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            return Ok(words);
        }
        for byte in chunk {
            let space = byte.is_ascii_whitespace();
            words += u64::from(!inside && !space);
            inside = !space;
        }
        let read = chunk.len();
        reader.consume(read);
    }
}
