use pyo3::types::PyAnyMethods;

pub struct Number(i32);

impl<'py> pyo3::FromPyObject<'py> for Number {
    fn extract_bound(ob: &pyo3::Bound<'py, pyo3::PyAny>) -> Result<Self, pyo3::PyErr> {
        Ok(Number(ob.extract()?))
    }
}

pub fn number(ob: &pyo3::Bound<'_, pyo3::PyAny>) -> pyo3::PyResult<i32> {
    Ok(ob.extract::<Number>()?.0)
}
