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

pub fn asked(any: &Bound<'_, PyAny>) -> usize {
    if any.try_iter().is_err() {
        return 0;
    }
    if let Ok(items) = any.try_iter() {
        return items.count();
    }
    match any.try_iter() {
        Ok(items) => items.count(),
        Err(_) => [1, 2].iter().count(),
    }
}
