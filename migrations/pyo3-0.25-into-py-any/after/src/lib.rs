//! x.into_py(py) and x.to_object(py) stay in texts.

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3::{PyObject};

pub struct Name(String);

impl<'py> pyo3::IntoPyObject<'py> for Name {
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

impl<'py> pyo3::IntoPyObject<'py> for &Name {
    type Target = pyo3::PyAny;
    type Output = pyo3::Bound<'py, pyo3::PyAny>;
    type Error = pyo3::PyErr;

    fn into_pyobject(self, py: Python<'py>) -> pyo3::PyResult<Self::Output> {
        let object: pyo3::Py<pyo3::PyAny> = {
        // to_object
        (&self.0).into_py_any(py)?
    };
        Ok(object.into_bound(py))
    }
}

#[pyfunction]
pub fn names(py: Python<'_>, given: Vec<String>) -> PyResult<Vec<PyObject>> {
    let dict = PyDict::new_bound(py);
    dict.set_item("to_object", (&given.len()).into_py_any(py)?)?;
    let first = given.first().cloned().unwrap_or_default().into_py_any(py)?;
    let mut all: Vec<PyObject> = given.into_iter().map(|name| Name(name).into_py_any(py).expect("a value that Python can hold")).collect();
    all.push(first);
    all.push(py.None());
    Ok(all)
}

#[pyfunction]
pub fn number(py: Python<'_>) -> PyObject {
    7u64.into_py_any(py).expect("a value that Python can hold")
}

pub fn returned(py: Python<'_>, number: i64) -> PyResult<PyObject> {
    let kept: PyResult<PyObject> = Ok(number.into_py_any(py)?);
    match number {
        0 => number.into_py_any(py),
        1 => return (&number).into_py_any(py),
        2 => kept,
        _ => {
            if number > 9 {
                (number + 1).into_py_any(py)
            } else {
                Ok(py.None())
            }
        }
    }
}
