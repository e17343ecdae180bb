//! Which Python this is.

use pyo3::PythonVersionInfo;
use pyo3::prelude::*;

pub struct Release(u8);

impl Release {
    pub fn version(&self) -> u8 {
        self.0
    }
}

#[pyfunction]
pub fn python(py: Python<'_>) -> String {
    let release = Release(1);
    format!("{} {}", py.version(), release.version())
}

#[pyfunction]
pub fn of(object: &Bound<'_, PyAny>) -> String {
    if info(object.py()).minor > 10 { object.py().version().to_owned() } else { String::new() }
}

fn info(py: Python<'_>) -> PythonVersionInfo<'_> {
    py.version_info()
}
