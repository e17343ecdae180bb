"""The types of the JSON object that `check` prints; `scripts/build_schemas.py` makes its schema of them.

Imported by type checkers and that script only.
"""

from __future__ import annotations

from typing import Annotated, TypedDict

from pyo3_kit.audit.model import Confidence, Safety, Severity


class Position(TypedDict):
    """A position in a file, both from 1, columns in characters."""

    line: int
    column: int


class Range(TypedDict):
    """A part of a file, up to before `end`."""

    start: Position
    end: Position


class TextEdit(Range):
    """A part of a file, and the text that replaces it."""

    text: str


class FixOutput(TypedDict):
    """How `--fix` fixes a finding."""

    safety: Annotated[str, Safety]
    note: str
    """What the program does otherwise than before."""
    edits: list[TextEdit] | None
    """Null for a change of a TOML file, which `--diff` shows."""


class FindingOutput(Range):
    """A finding."""

    rule: str
    title: str
    practice: str
    severity: Annotated[str, Severity]
    confidence: Annotated[str, Confidence]
    path: str
    message: str
    help: str
    url: str
    """The rule's page."""
    fix: FixOutput | None


class NoticeOutput(TypedDict):
    """What could not be checked, and why."""

    path: str | None
    """Null for the project as a whole."""
    line: int | None
    text: str


class CheckOutput(TypedDict):
    """What `check --format json` prints."""

    schema_version: int
    version: int
    """Always 1; use `schema_version`."""
    root: str
    """The project's folder."""
    rules: list[str]
    """The rules that ran."""
    files: int
    """The number of Rust files."""
    findings: list[FindingOutput]
    notices: list[NoticeOutput]
    suppressed: int
    """The number of findings suppressed by comments."""
    in_baseline: int
    """The number of findings that the baseline has."""
