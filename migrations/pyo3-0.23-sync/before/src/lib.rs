use pyo3::prelude::*;
use pyo3::{AsPyPointer, Py};

// As AsPyPointer had it.
pub fn same(one: &Py<PyAny>, other: &Py<PyAny>) -> bool {
    one.as_ptr() == other.as_ptr()
}

#[pyclass(unsendable)]
pub struct Shared {
    count: std::rc::Rc<u64>,
}

#[pymethods]
impl Shared {
    fn count(&self) -> u64 {
        *self.count
    }
}

pub struct Key(Py<PyAny>);

unsafe impl AsPyPointer for Key {
    fn as_ptr(&self) -> *mut pyo3::ffi::PyObject {
        self.0.as_ptr()
    }
}
