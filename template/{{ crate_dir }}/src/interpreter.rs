//! Only one interpreter per process: classes and exceptions live in statics, and interpreters must
//! not share objects.

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

static HOME: PyOnceLock<Py<PyModule>> = PyOnceLock::new();

/// Raise `ImportError` in every interpreter but the first that imports the module.
///
/// Python itself rejects only those with a GIL of their own, and none before 3.12.
pub fn claim(py: Python<'_>) -> PyResult<()> {
    // Each interpreter has its own `sys`.
    let sys = py.import("sys")?;
    if HOME.get_or_init(py, || sys.clone().unbind()).is(&sys) {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "this module does not support subinterpreters: another interpreter of the process has it",
    ))
}
