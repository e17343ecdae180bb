//! An exception of Python's.

use pyo3::import_exception;

import_exception!(socket, gaierror);

pub mod inner {
    pyo3::import_exception!(asyncio, QueueEmpty);
}
