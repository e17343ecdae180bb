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

pub fn asked(any: &Bound<'_, PyAny>) -> usize {
    if any.iter().is_err() {
        return 0;
    }
    if let Ok(items) = any.iter() {
        return items.count();
    }
    match any.iter() {
        Ok(items) => items.count(),
        Err(_) => [1, 2].iter().count(),
    }
}
