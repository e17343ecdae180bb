use pyo3::{Py, PyAny};

pub type Objects = Vec<Py<PyAny>>;
