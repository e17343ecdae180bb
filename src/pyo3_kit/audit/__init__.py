"""What `pyo3-kit check` does: facts of a project, rules that read them, findings, and fixes of these."""
