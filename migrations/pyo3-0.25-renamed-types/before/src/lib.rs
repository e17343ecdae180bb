// PyLong and PyUnicode.
use pyo3::prelude::*;
use pyo3::types::{PyLong, PyString, PyUnicode};

pub fn count(items: &Bound<'_, PyAny>) -> PyResult<usize> {
    let mut found = 0;
    for item in items.iter()? {
        let item = item?;
        found += usize::from(item.is_instance_of::<PyLong>() || item.is_instance_of::<PyUnicode>());
        found += usize::from(item.is_instance_of::<PyString>());
    }
    Ok(found + [1].iter().count())
}
