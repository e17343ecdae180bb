use pyo3::types::PyAnyMethods;

pub struct Number(i32);

impl<'py> pyo3::FromPyObject<'_, 'py> for Number {
    type Error = pyo3::PyErr;

    fn extract(object: pyo3::Borrowed<'_, 'py, pyo3::PyAny>) -> Result<Self, pyo3::PyErr> {
        let ob = &*object;
        Ok(Number(ob.extract()?))
    }
}

pub fn number(ob: &pyo3::Bound<'_, pyo3::PyAny>) -> pyo3::PyResult<i32> {
    Ok(ob.extract::<Number>()?.0)
}
