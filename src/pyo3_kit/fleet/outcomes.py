"""How the work on one repository ends early: as a row of the report, never as the end of the run."""

from __future__ import annotations

from pyo3_kit.errors import KitError
from pyo3_kit.fleet.model import State
from pyo3_kit.system import escaping


class Ended(KitError):  # noqa: N818 (said as it is raised)
    """The work on a repository is over, in this state and for this reason."""

    def __init__(self, state: State, reason: str, hint: str = "") -> None:
        super().__init__(reason, hint)
        self.state = state


def one_line(text: str) -> str:
    """A text in one line without what a terminal would take for more than text."""
    return escaping.line(" ".join(text.split()))


def one_clause(text: str) -> str:
    """A message as a clause in one line: for a table's column."""
    return one_line(text).rstrip(".")
