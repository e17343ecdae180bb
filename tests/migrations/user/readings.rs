//! Readings of a sensor, as a user of PyO3 0.28 writes them.

use pyo3::buffer::{PyBuffer, ReadOnlyCell};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::with_critical_section;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PyFrozenSet, PyFrozenSetBuilder, PyList, PyMutex};
use pyo3::{DowncastError, intern};

/// One reading.
#[pyclass(frozen, get_all, skip_from_py_object)]
#[derive(Clone)]
pub struct Reading {
    sensor: String,
    value: f64,
}

/// How readings are weighed; taken by value.
#[pyclass(frozen)]
#[derive(Clone)]
pub struct Weight {
    factor: f64,
}

#[pymethods]
impl Weight {
    #[new]
    fn new(factor: f64) -> Self {
        Self { factor }
    }
}

/// Where readings are kept.
#[pyclass(subclass, frozen)]
pub struct Store {
    readings: PyMutex<Vec<Reading>>,
}

#[pymethods]
impl Store {
    #[new]
    fn new() -> Self {
        Self {
            readings: PyMutex::new(Vec::new()),
        }
    }

    fn add(&self, sensor: &str, value: f64) -> PyResult<usize> {
        let mut readings = self.readings.lock().map_err(|_| PyValueError::new_err("poisoned"))?;
        readings.push(Reading {
            sensor: sensor.to_owned(),
            value,
        });
        Ok(readings.len())
    }

    fn last(&self) -> PyResult<Option<Reading>> {
        let readings = self.readings.lock().map_err(|_| PyValueError::new_err("poisoned"))?;
        Ok(readings.last().cloned())
    }
}

/// A store with a name.
#[pyclass(extends = Store, frozen)]
pub struct NamedStore {
    #[pyo3(get)]
    name: String,
}

#[pymethods]
impl NamedStore {
    #[new]
    fn new(name: String) -> (Self, Store) {
        (Self { name }, Store::new())
    }
}

/// The weighed sum of a contiguous buffer.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "taken from Python")]
pub fn weigh(py: Python<'_>, data: PyBuffer<f64>, weight: Weight) -> PyResult<f64> {
    let values = data
        .as_slice(py)
        .ok_or_else(|| PyValueError::new_err("the buffer is not contiguous"))?;
    Ok(values.iter().map(ReadOnlyCell::get).sum::<f64>() * weight.factor)
}

/// How many values are above the limit.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "taken from Python")]
pub fn above(py: Python<'_>, data: PyBuffer<f64>, limit: f64) -> Option<usize> {
    let mut count = 0;
    for value in data.as_slice(py)? {
        if value.get() > limit {
            count += 1;
        }
    }
    Some(count)
}

/// Multiplies the buffer in place.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "taken from Python")]
pub fn scale(py: Python<'_>, data: PyBuffer<f64>, factor: f64) -> PyResult<()> {
    let values = data
        .as_mut_slice(py)
        .ok_or_else(|| PyValueError::new_err("the buffer is read-only"))?;
    for value in values {
        value.set(value.get() * factor);
    }
    Ok(())
}

/// The names in a list or a dict.
#[pyfunction]
pub fn names<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyFrozenSet>> {
    let mut builder = PyFrozenSetBuilder::new(object.py())?;
    if let Ok(dict) = object.downcast::<PyDict>() {
        for (name, _) in dict {
            builder.add(name)?;
        }
    } else {
        let list = list_of(object)?;
        with_critical_section(list, || -> PyResult<()> {
            for item in list {
                builder.add(item.getattr(intern!(item.py(), "sensor"))?)?;
            }
            Ok(())
        })?;
    }
    Ok(builder.finalize())
}

fn list_of<'a, 'py>(object: &'a Bound<'py, PyAny>) -> Result<&'a Bound<'py, PyList>, DowncastError<'a, 'py>> {
    // Anything but a list is refused: no downcast to a sequence.
    object.downcast::<PyList>()
}

/// The text in bytes, and which Python read it.
#[pyfunction]
pub fn label(py: Python<'_>, data: &Bound<'_, PyBytes>) -> PyResult<String> {
    let bytes = data.as_bytes();
    let text = std::str::from_utf8(bytes)?;
    Ok(format!("{text} on {}", py.version()))
}

/// The interface for other extension modules.
#[pyfunction]
pub fn interface(py: Python<'_>) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new(py, 1_u32, Some(c"my_lib.readings".to_owned()))
}

/// `my_lib._core.readings`.
#[pymodule]
pub mod readings {
    #[pymodule_export]
    use super::{NamedStore, Reading, Store, Weight, above, interface, label, names, scale, weigh};
}
