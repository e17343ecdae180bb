// A GILOnceCell for the type.
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();

pub fn decimal(py: Python<'_>) -> PyResult<Py<PyType>> {
    DECIMAL
        .get_or_try_init(py, || Ok(py.get_type_bound::<PyType>().unbind()))
        .map(|found| found.clone_ref(py))
}
