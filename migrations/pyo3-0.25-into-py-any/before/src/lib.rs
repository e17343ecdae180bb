//! x.into_py(py) and x.to_object(py) stay in texts.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3::{IntoPy, PyObject, ToPyObject};

pub struct Name(String);

impl IntoPy<PyObject> for Name {
    fn into_py(self, py: Python<'_>) -> PyObject {
        self.0.into_py(py)
    }
}

impl ToPyObject for Name {
    fn to_object(&self, py: Python<'_>) -> PyObject {
        // to_object
        self.0.to_object(py)
    }
}

#[pyfunction]
pub fn names(py: Python<'_>, given: Vec<String>) -> PyResult<Vec<PyObject>> {
    let dict = PyDict::new_bound(py);
    dict.set_item("to_object", given.len().to_object(py))?;
    let first = given.first().cloned().unwrap_or_default().into_py(py);
    let mut all: Vec<PyObject> = given.into_iter().map(|name| Name(name).into_py(py)).collect();
    all.push(first);
    all.push(().into_py(py));
    Ok(all)
}

#[pyfunction]
pub fn number(py: Python<'_>) -> PyObject {
    7u64.into_py(py)
}

pub fn returned(py: Python<'_>, number: i64) -> PyResult<PyObject> {
    let kept: PyResult<PyObject> = Ok(number.into_py(py));
    match number {
        0 => Ok(number.into_py(py)),
        1 => return Ok(number.to_object(py)),
        2 => kept,
        _ => {
            if number > 9 {
                Ok((number + 1).into_py(py))
            } else {
                Ok(py.None())
            }
        }
    }
}
