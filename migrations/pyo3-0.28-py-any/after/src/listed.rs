use pyo3::{PyAny, Py, Python};

pub fn none(py: Python<'_>) -> Py<PyAny> {
    py.None()
}

pub fn same(one: &Py<PyAny>, other: &PyAny) -> bool {
    one.as_ptr().cast::<PyAny>() == std::ptr::from_ref(other).cast_mut()
}
