//! A buffer that is changed in place.

use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;

#[pyfunction]
pub fn clear(_py: Python<'_>, data: PyBuffer<u8>) {
    let values = data
        .as_slice_ptr()
        .map(|mut values| unsafe { std::cell::Cell::from_mut(values.as_mut()).as_slice_of_cells() });
    for value in values.unwrap_or_default() {
        value.set(0);
    }
}
