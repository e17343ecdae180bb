use pyo3::PyObject;

pub type Objects = Vec<PyObject>;
