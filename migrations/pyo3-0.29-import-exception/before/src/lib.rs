//! An exception of Python's.

use pyo3::import_exception_bound;

import_exception_bound!(socket, gaierror);

pub mod inner {
    pyo3::import_exception_bound!(asyncio, QueueEmpty);
}
