use pyo3::{PyAny, Py, Python};

pub fn none(py: Python<'_>) -> Py<PyAny> {
    py.None()
}

pub fn room(_: &Py<PyAny>) -> usize {
    std::mem::size_of::<PyAny>()
}
