"""The columns of the page: what each shows, and how rows are sorted by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.version import InvalidVersion, Version

from pyo3_kit.fleet.model import Row, State


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` returns the sort key, None for rows that come last; `number` aligns to the right."""

    name: str
    title: str
    text: Callable[[Row], str]
    key: Callable[[Row], Any]
    number: bool = False

    def has_something(self, rows: Sequence[Row]) -> bool:
        """Whether the column has a value for any of these rows."""
        if self.name == "wave":
            return len({row.wave for row in rows}) > 1
        return self.name in ("name", "state") or any(self.text(row) for row in rows)


def version_key(text: str) -> tuple[int, Version, str]:
    """The sort key of a version; anything else (a commit, a branch) comes first."""
    try:
        return (1, Version(text), "")
    except InvalidVersion:
        return (0, Version("0"), text)


def ranks(column: Column, rows: Sequence[Row]) -> list[int | None]:
    """The rank of each row by this column, equal for equal values, so that the script only compares numbers."""
    keys = [column.key(row) for row in rows]
    places = {key: place for place, key in enumerate(sorted({key for key in keys if key is not None}))}
    return [None if key is None else places[key] for key in keys]


def _count(name: str, title: str, of: Callable[[Row], int | None]) -> Column:
    def text(row: Row) -> str:
        return "" if (number := of(row)) is None else str(number)

    return Column(name, title, text, of, number=True)


def _word(name: str, title: str, of: Callable[[Row], str | None]) -> Column:
    return Column(name, title, lambda row: of(row) or "", lambda row: of(row) or None)


def _version(name: str, title: str, of: Callable[[Row], str | None]) -> Column:
    return Column(
        name, title, lambda row: of(row) or "", lambda row: version_key(found) if (found := of(row)) else None
    )


def _drift(row: Row) -> int | None:
    return None if row.drift is None else row.drift.drifted + row.drift.stale + row.drift.missing


def _findings(severity: str) -> Callable[[Row], int | None]:
    return lambda row: None if row.findings is None else getattr(row.findings, severity)


_STATES = list(State)
COLUMNS = (
    Column("name", "Repository", lambda row: row.name, lambda row: (row.name.casefold(), row.name)),
    Column("state", "State", lambda row: row.state.value, lambda row: _STATES.index(row.state)),
    _version("version", "Version", lambda row: row.version),
    _count("behind", "Behind", lambda row: row.behind),
    _count("drift", "Drift", _drift),
    _count("errors", "Errors", _findings("error")),
    _count("warnings", "Warnings", _findings("warning")),
    _count("notes", "Notes", _findings("info")),
    _version("pyo3", "PyO3", lambda row: row.pyo3),
    Column(
        "advisories",
        "Advisories",
        lambda row: " ".join(row.advisories),
        lambda row: -len(row.advisories) if row.advisories else None,
    ),
    _word("updated", "Updated", lambda row: row.updated),
    _count("changes", "Files", lambda row: row.changes),
    Column(
        "conflicts",
        "Conflicts",
        lambda row: str(len(row.conflicts) or ""),
        lambda row: len(row.conflicts) or None,
        number=True,
    ),
    _word("request", "Request", lambda row: row.request),
    _count("wave", "Wave", lambda row: row.wave),
)
