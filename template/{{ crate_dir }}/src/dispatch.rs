//! One function for values of many types, distinguished by `cast`.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyFloat, PyInt, PyList, PyString, PyTuple};

use crate::errors::{Failure, Outcome};
use crate::kernel::checksum::Checksum;

/// Far less than the stack can hold, far more than real data needs.
const MAX_DEPTH: usize = 200;

/// A checksum of `value`, the same in every process and on every machine.
///
/// Takes None, bool, int of up to 64 bits, float, str, bytes, and lists and tuples of these.
#[pyfunction]
pub fn fingerprint(value: &Bound<'_, PyAny>) -> PyResult<u32> {
    let mut sum = Checksum::new();
    feed(&mut sum, value, 0)?;
    Ok(sum.finish())
}

/// A failed `cast` is a comparison; a failed `extract` builds an exception, and for numbers it
/// first runs the value's own `__index__` or `__float__`.
fn feed(sum: &mut Checksum, value: &Bound<'_, PyAny>, depth: usize) -> Outcome<()> {
    if depth > MAX_DEPTH {
        return Err(Failure::TooDeep { limit: MAX_DEPTH });
    }
    if let Ok(text) = value.cast::<PyString>() {
        feed_tagged(sum, b's', text.to_str()?.as_bytes());
    } else if let Ok(flag) = value.cast::<PyBool>() {
        // Before int, because a bool is an int.
        feed_tagged(sum, b'b', &[u8::from(flag.is_true())]);
    } else if let Ok(number) = value.cast::<PyInt>() {
        feed_tagged(sum, b'i', &number.extract::<i64>()?.to_le_bytes());
    } else if let Ok(number) = value.cast::<PyFloat>() {
        feed_tagged(sum, b'f', &number.value().to_le_bytes());
    } else if let Ok(data) = value.cast::<PyBytes>() {
        feed_tagged(sum, b'y', data.as_bytes());
    } else if let Ok(list) = value.cast::<PyList>() {
        feed_items(sum, list.iter(), depth)?;
    } else if let Ok(tuple) = value.cast::<PyTuple>() {
        feed_items(sum, tuple.iter(), depth)?;
    } else if value.is_none() {
        feed_tagged(sum, b'n', b"");
    } else {
        return Err(Failure::unsupported(value));
    }
    Ok(())
}

fn feed_tagged(sum: &mut Checksum, tag: u8, content: &[u8]) {
    sum.update(&[tag]);
    sum.update(&(content.len() as u64).to_le_bytes());
    sum.update(content);
}

fn feed_items<'py>(
    sum: &mut Checksum,
    items: impl Iterator<Item = Bound<'py, PyAny>>,
    depth: usize,
) -> Outcome<()> {
    sum.update(b"[");
    for item in items {
        feed(sum, &item, depth + 1)?;
    }
    sum.update(b"]");
    Ok(())
}
