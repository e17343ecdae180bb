"""The early end of the work on one repository: a row in the report, never the end of the run."""

from __future__ import annotations

from pyo3_kit.system import escaping


def one_line(text: str) -> str:
    """Text in one line, without control sequences for terminals."""
    return escaping.line(" ".join(text.split()))


def one_clause(text: str) -> str:
    """A message as a clause in one line, for a table's column."""
    return one_line(text).rstrip(".")
