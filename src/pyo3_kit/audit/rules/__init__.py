"""The rules, one per module, found by `pyo3_kit.audit.registry`."""
