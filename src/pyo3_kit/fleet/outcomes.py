"""How the work on one repository ends early: as a row of the report, never as the end of the run."""

from __future__ import annotations


def one_line(text: str) -> str:
    """A text in one line without what a terminal would take for more than text."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())


def one_clause(text: str) -> str:
    """A message as a clause in one line: for a table's column."""
    return one_line(text).rstrip(".")
