use pyo3::IntoPyObjectExt;
use pyo3::{pyfunction, PyObject, Python};

pub struct Count(u32);

impl<'py> pyo3::IntoPyObject<'py> for Count {
    type Target = pyo3::PyAny;
    type Output = pyo3::Bound<'py, pyo3::PyAny>;
    type Error = pyo3::PyErr;

    fn into_pyobject(self, py: Python<'py>) -> pyo3::PyResult<Self::Output> {
        let object: pyo3::Py<pyo3::PyAny> = {
        self.0.into_py_any(py)?
    };
        Ok(object.into_bound(py))
    }
}

#[pyfunction]
pub fn count(py: Python<'_>) -> PyObject {
    Count(1).0.into_py_any(py).expect("a value that Python can hold")
}
