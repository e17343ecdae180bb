// A GILOnceCell for the type.
use pyo3::prelude::*;
use pyo3::sync::GILOnceCell;
use pyo3::types::PyType;

static DECIMAL: GILOnceCell<Py<PyType>> = GILOnceCell::new();

pub fn decimal(py: Python<'_>) -> PyResult<Py<PyType>> {
    DECIMAL
        .get_or_try_init(py, || Ok(py.get_type_bound::<PyType>().unbind()))
        .map(|found| found.clone_ref(py))
}
