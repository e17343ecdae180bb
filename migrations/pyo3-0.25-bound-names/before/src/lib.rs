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
    let module = PyModule::new_bound(py, "new_bound")?;
    module.add_function(wrap_pyfunction_bound!(double, &module)?)?;
    let items = PyList::new_bound(py, [1, 2]);
    let pair = PyTuple::new_bound(py, &[items.len(), 2]);
    let known = [("a", 1)].into_py_dict_bound(py);
    let math = py.import_bound("math")?;
    let _ = (PyModule::import_bound(py, "sys")?, math, pair, known);
    let _ = py.eval_bound("1 + 1", None, None)?;
    py.run_bound("pass", None, Some(&PyDict::new_bound(py)))?;
    Ok(module)
}

pub fn names(py: Python<'_>) -> Vec<Py<PyType>> {
    let all: Vec<Bound<'_, PyType>> = vec![py.get_type_bound::<PyValueError>(), PyString::type_object_bound(py)];
    let _ = (PyBytes::new_bound(py, b"x"), PyString::intern_bound(py, "y"), PyList::empty_bound(py));
    let items = PyList::new_bound(py, all.iter());
    assert_eq!(PyTuple::new_bound(py, [1]).len(), items.len(), "new_bound");
    all.into_iter().map(Bound::unbind).collect()
}

pub fn told(py: Python<'_>, error: &PyErr, callable: &Py<PyAny>) -> PyResult<Py<PyAny>> {
    error.write_unraisable_bound_later();
    let _ = (error.get_type_bound(py), error.value_bound(py), error.is_instance_bound(py, &error.get_type_bound(py)));
    callable.call_bound(py, (), None)
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
