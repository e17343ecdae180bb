// PyLong and PyUnicode.
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyString};

pub fn count(items: &Bound<'_, PyAny>) -> PyResult<usize> {
    let mut found = 0;
    for item in items.try_iter()? {
        let item = item?;
        found += usize::from(item.is_instance_of::<PyInt>() || item.is_instance_of::<PyString>());
        found += usize::from(item.is_instance_of::<PyString>());
    }
    Ok(found + [1].iter().count())
}
