"""The types of the JSON objects that `update` and `status` print; `scripts/build_schemas.py` makes schemas of them.

Imported by type checkers and that script only.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict

from pyo3_kit.codemods.model import Applied
from pyo3_kit.merge.model import Outcome
from pyo3_kit.update.comparing import Kind

# `from` is a keyword, so these cannot be classes.
AnswerChange = TypedDict("AnswerChange", {"from": Any, "to": Any})
_Versions = TypedDict("_Versions", {"from": str, "to": str})
_OverlayVersions = TypedDict("_OverlayVersions", {"from": "str | None", "to": "str | None"})


class _FileOutcome(TypedDict):
    path: str
    outcome: Annotated[str, Outcome]
    reason: str


class UpdatedFile(_FileOutcome, total=False):
    """What becomes of a file."""

    source: str
    """The path that a renamed file comes from."""


class ConflictPlace(TypedDict):
    """A place to decide."""

    path: str
    key: str | None
    """The place in a file that is merged by key; null in other files."""
    lines: list[int] | None
    """The first and the last line of the markers; null in files that are merged by key."""
    base: str | None
    """The text; null if there is none, here and in `ours` and `theirs`."""
    ours: str | None
    theirs: str | None


class UpdatedOverlay(_OverlayVersions):
    """An overlay that is updated; `from` is null if it is added, `to` if it is removed."""

    name: str
    template: str


class PlanOutput(_Versions):
    """What `update`, and the commands of `overlay` that change a project, print without `--diff`."""

    path: str
    """The project's folder."""
    template: str
    """The template's address."""
    dry_run: bool
    answers: dict[str, AnswerChange]
    """The answers that change, each with its values before and after; null: not there."""
    files: list[UpdatedFile]
    """Empty if there is nothing to do."""
    conflicts: list[ConflictPlace]
    migrations: list[Annotated[dict[str, Any], Applied]]
    warnings: list[str]
    overlays: list[UpdatedOverlay]


class UpdateOutput(PlanOutput, total=False):
    """What `update`, and the commands of `overlay` that change a project, print."""

    diff: str
    """The unified diff, with `--diff`."""


class FileDifference(TypedDict):
    """A file that is not what the template renders."""

    path: str
    reason: str
    keys: list[str]
    """The keys that differ, in TOML files."""


class StatusOutput(TypedDict):
    """What `status` prints."""

    path: str
    """The project's folder."""
    template: str
    """The template's address."""
    version: str
    newest: str
    behind: bool
    pending: Annotated[str, Literal["interrupted", "conflicts"]] | None
    """Whether an update is unfinished, and why."""
    current: bool
    """Whether there is nothing to do."""
    files: Annotated[dict[str, list[FileDifference]], Kind] | None
    """Null with `--quick`."""
    warnings: list[str]
    overlays: list[OverlayStatus]
    waiting: list[str]
    """Paths of fragments that are not merged yet."""


class OverlayStatus(StatusOutput):
    """The status of an overlay."""

    name: str
