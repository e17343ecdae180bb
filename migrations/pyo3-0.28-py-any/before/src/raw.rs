use pyo3::ffi::PyObject;

pub fn is_null(object: *mut PyObject) -> bool {
    object.is_null()
}
