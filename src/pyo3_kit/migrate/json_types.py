"""The types of the JSON object that `migrate` prints; `scripts/build_schemas.py` makes its schema of them.

Imported by type checkers and that script only.
"""

from __future__ import annotations

from typing import TypedDict

# `from` is a keyword, so this cannot be a class.
_Lines = TypedDict("_Lines", {"from": str, "to": str})


class Place(TypedDict):
    """A line to look at, and why."""

    path: str
    line: int
    note: str


class AppliedMigration(TypedDict):
    """A migration that changed a file or found a place."""

    id: str
    title: str
    why: str
    docs: str
    """The address of its documentation."""
    safe: bool
    """Whether its changes need no review."""
    paths: list[str]
    """The files that it changed."""


class CargoCheck(TypedDict):
    """What `cargo check` reports after the migration."""

    passed: bool
    errors: list[Place]
    deprecated: list[Place]


class _Plan(_Lines):
    path: str
    """The project's folder."""
    written: bool
    files: list[str]
    """The paths that change."""
    migrations: list[AppliedMigration]
    review: list[Place]
    """Places to change by hand."""
    left: list[str]
    """What was skipped, and why."""


class MigrationOutput(_Plan, total=False):
    """What `migrate` prints without `--diff`; `from` and `to` are versions of PyO3."""

    cargo: CargoCheck
    """With `--verify`."""


class MigrateOutput(MigrationOutput, total=False):
    """What `migrate` prints; `from` and `to` are versions of PyO3."""

    diff: str
    """The unified diff, with `--diff`."""
