// FromPyObject<'py> and extract_bound.
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pub struct Even(u64);

impl<'py> FromPyObject<'py> for Even {
    fn extract_bound(ob: &Bound<'py, PyAny>) -> PyResult<Self> {
        // As extract_bound did.
        let number: u64 = ob.extract()?;
        if number % 2 == 1 {
            return Err(PyValueError::new_err("odd"));
        }
        Ok(Even(number))
    }
}

pub struct Text(String);

impl FromPyObject<'_> for Text {
    fn extract_bound(any: &Bound<'_, PyAny>) -> PyResult<Self> {
        any.str()?.extract::<String>().map(Text)
    }
}

#[pyfunction]
pub fn half(even: Even, text: Text) -> u64 {
    even.0 / 2 + text.0.len() as u64
}

pub fn sum(one: &Bound<'_, PyAny>, other: Bound<'_, PyAny>) -> PyResult<u64> {
    Ok(Even::extract_bound(one)?.0 + Even::extract_bound(&other)?.0)
}
