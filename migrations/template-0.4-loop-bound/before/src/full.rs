use pyo3::prelude::*;

pub fn hold(py: Python<'_>, value: Py<PyAny>) -> PyResult<crate::runtime::Held<Py<PyAny>>> {
    crate::runtime::Held::new(py, value)
}
