use pyo3::{pyfunction, IntoPy, PyObject, Python};

pub struct Count(u32);

impl IntoPy<PyObject> for Count {
    fn into_py(self, py: Python<'_>) -> PyObject {
        self.0.into_py(py)
    }
}

#[pyfunction]
pub fn count(py: Python<'_>) -> PyObject {
    Count(1).0.into_py(py)
}
