//! What one shared runtime saves: the same work with a runtime for each call, for `benchmarks/`.

use pyo3::prelude::*;
use tokio::runtime::Runtime;
use tokio::task;

use crate::runtime::spawn;

#[pymodule(submodule)]
pub(crate) mod async_comparisons {
    #[pymodule_export]
    use super::{number, runtime_per_call};
}

/// PYO09: a value from a worker of the shared runtime.
#[pyfunction]
fn number(py: Python<'_>, value: u64) -> PyResult<Bound<'_, PyAny>> {
    spawn(py, async move {
        task::yield_now().await;
        PyResult::Ok(value)
    })
}

/// PYO09: the same work with a runtime of its own.
#[pyfunction]
fn runtime_per_call(py: Python<'_>, value: u64) -> PyResult<u64> {
    py.detach(|| {
        // pyo3-kit: ignore[PYO091] measured on purpose
        Ok(Runtime::new()?.block_on(async move {
            task::yield_now().await;
            value
        }))
    })
}
