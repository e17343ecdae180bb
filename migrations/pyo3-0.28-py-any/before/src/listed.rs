use pyo3::{PyAny, PyObject, Python};

pub fn none(py: Python<'_>) -> PyObject {
    py.None()
}

pub fn same(one: &PyObject, other: &PyAny) -> bool {
    one.as_ptr().cast::<PyAny>() == std::ptr::from_ref(other).cast_mut()
}
