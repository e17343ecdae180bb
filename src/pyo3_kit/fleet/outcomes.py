"""The early end of the work on one repository: a row in the report, never the end of the run."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Text in one line, without control sequences for terminals."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())


def one_clause(text: str) -> str:
    """A message as a clause in one line, for a table's column."""
    return one_line(text).rstrip(".")
