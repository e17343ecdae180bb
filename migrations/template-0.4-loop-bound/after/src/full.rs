use pyo3::prelude::*;

pub fn hold(py: Python<'_>, value: Py<PyAny>) -> PyResult<crate::runtime::LoopBound<Py<PyAny>>> {
    crate::runtime::LoopBound::new(py, value)
}
