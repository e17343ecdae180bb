//! PyDict::new_bound stays in texts.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::type_object::PyTypeInfo;
use pyo3::types::{IntoPyDict, PyBytes, PyDict, PyList, PyModule, PyString, PyTuple, PyType};

#[pyfunction]
fn double(x: usize) -> usize {
    x * 2
}

pub fn module(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    // PyModule::new_bound, then wrap_pyfunction_bound!
    let module = PyModule::new(py, "new_bound")?;
    module.add_function(wrap_pyfunction!(double, &module)?)?;
    let items = PyList::new(py, [1, 2])?;
    let pair = PyTuple::new(py, &[items.len(), 2])?;
    let known = [("a", 1)].into_py_dict(py)?;
    let math = py.import("math")?;
    let _ = (PyModule::import(py, "sys")?, math, pair, known);
    let _ = py.eval(c"1 + 1", None, None)?;
    py.run(c"pass", None, Some(&PyDict::new(py)))?;
    Ok(module)
}

pub fn names(py: Python<'_>) -> Vec<Py<PyType>> {
    let all: Vec<Bound<'_, PyType>> = vec![py.get_type::<PyValueError>(), PyString::type_object(py)];
    let _ = (PyBytes::new(py, b"x"), PyString::intern(py, "y"), PyList::empty(py));
    let items = PyList::new(py, all.iter()).expect("elements that Python can hold");
    assert_eq!(PyTuple::new(py, [1]).expect("elements that Python can hold").len(), items.len(), "new_bound");
    all.into_iter().map(Bound::unbind).collect()
}

pub fn told(py: Python<'_>, error: &PyErr, callable: &Py<PyAny>) -> PyResult<Py<PyAny>> {
    error.write_unraisable_bound_later();
    let _ = (error.get_type(py), error.value(py), error.is_instance(py, &error.get_type(py)));
    callable.call(py, (), None)
}

trait Later {
    fn write_unraisable_bound_later(&self) {}
}

impl Later for PyErr {}

pub struct Limit;

impl Limit {
    pub fn new_bound() -> usize {
        1
    }
}

pub fn limit() -> usize {
    Limit::new_bound()
}
