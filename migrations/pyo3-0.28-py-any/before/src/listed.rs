use pyo3::{PyAny, PyObject, Python};

pub fn none(py: Python<'_>) -> PyObject {
    py.None()
}

pub fn room(_: &PyObject) -> usize {
    std::mem::size_of::<PyAny>()
}
