"""The version of pyo3-kit, in a module that imports nothing."""

__version__ = "0.3.0"
