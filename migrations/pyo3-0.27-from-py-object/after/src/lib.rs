// FromPyObject<'py> and extract_bound.
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pub struct Even(u64);

impl<'py> FromPyObject<'_, 'py> for Even {
    type Error = pyo3::PyErr;

    fn extract(object: pyo3::Borrowed<'_, 'py, pyo3::PyAny>) -> PyResult<Self> {
        let ob = &*object;
        // As extract_bound did.
        let number: u64 = ob.extract()?;
        if number % 2 == 1 {
            return Err(PyValueError::new_err("odd"));
        }
        Ok(Even(number))
    }
}

pub struct Text(String);

impl<'py> FromPyObject<'_, 'py> for Text {
    type Error = pyo3::PyErr;

    fn extract(object: pyo3::Borrowed<'_, 'py, pyo3::PyAny>) -> PyResult<Self> {
        let any = &*object;
        any.str()?.extract::<String>().map(Text)
    }
}

#[pyfunction]
pub fn half(even: Even, text: Text) -> u64 {
    even.0 / 2 + text.0.len() as u64
}

pub fn sum(one: &Bound<'_, PyAny>, other: Bound<'_, PyAny>) -> PyResult<u64> {
    Ok(one.extract::<Even>()?.0 + other.extract::<Even>()?.0)
}
