"""The types of the JSON object that `adopt` prints; `scripts/build_schemas.py` makes its schema of them.

Imported by type checkers and that script only.
"""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

from pyo3_kit.adoption.model import Sure
from pyo3_kit.merge.model import Outcome


class InferredAnswer(TypedDict):
    """An answer, and how it was inferred."""

    value: Any
    source: str
    sure: Annotated[str, Sure]


class Group(TypedDict):
    """A part of the template."""

    id: str
    title: str
    accepted: bool
    declined: str | None
    """Why it is off by default."""
    files: list[str]


class AdoptedFile(TypedDict):
    """What becomes of a file."""

    path: str
    outcome: Annotated[str, Outcome]
    reason: str


class Difference(TypedDict):
    """A value that differs from the template's and is kept."""

    path: str
    key: str | None
    """Null if it is the whole file."""
    ours: str
    theirs: str


class AdoptionOutput(TypedDict):
    """What `adopt` prints without `--diff`."""

    path: str
    """The project's folder."""
    template: str
    """The template's address."""
    version: str
    already: bool
    """Whether the project was adopted before; then nothing is written."""
    dry_run: bool
    crate: str
    """The folder of the crate with the Python bindings."""
    answers: dict[str, InferredAnswer]
    groups: list[Group]
    files: list[AdoptedFile]
    differs: list[Difference]
    notes: list[str]


class AdoptOutput(AdoptionOutput, total=False):
    """What `adopt` prints."""

    diff: str
    """The unified diff, with `--diff`."""
