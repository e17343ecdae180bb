"""The types of the JSON objects that only the command line makes; `scripts/build_schemas.py` makes schemas of them.

Imported by type checkers and that script only.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from pyo3_kit.creation_report import NewOutput
from pyo3_kit.presets.report import PresetOutput
from pyo3_kit.render.question_list import QuestionOutput

# `from` is a keyword, so this cannot be a class.
_JournalVersions = TypedDict("_JournalVersions", {"from": str, "to": str}, total=False)


class _Failure(TypedDict):
    error: str
    """What is wrong."""
    hint: str
    """What to do about it; may be empty."""
    exit_code: int


class _FailedStep(TypedDict, total=False):
    command: list[str]
    """The command that failed in a build."""
    output: str
    """The last lines of its output."""


class FailureOutput(_Failure, _FailedStep, total=False):
    """What every command prints instead of its result if it fails."""

    crates: list[str]
    """The crates to choose from, for `adopt`."""
    dirty: list[str]
    """Paths with uncommitted changes."""
    missing: list[str]
    """Questions that need an answer."""
    path: str
    """The path that the error is about."""
    paths: list[str]
    """The same for several."""
    problems: dict[str, str]
    """What is wrong with answers, by question."""
    state: Annotated[str, Literal["interrupted", "conflicts"]]
    """Why an earlier update is unfinished."""


class FailedBuildOutput(_Failure, _FailedStep, NewOutput):
    """What `new --build` prints if the project is created, but its build fails."""


class PlainSettledOutput(TypedDict):
    """What `adopt` and `migrate` print with `--continue` or `--abort`."""

    path: str
    """The project's folder."""
    state: Annotated[str, Literal["done", "undone"]]


class _Settled(TypedDict):
    path: str
    """The project's folder."""
    state: Annotated[str, Literal["conflicts"]] | None
    """Null if there are no conflicts to resolve."""


class SettledOutput(_Settled, _JournalVersions, total=False):
    """What `update` prints with `--continue` or `--abort`."""

    adopts: str
    """The template, if it was an adoption."""
    by: str
    """The command, if it was another one."""
    files: list[str]
    """With `--continue`: the paths with conflicts."""
    beside: list[str]
    """With `--abort`: the paths to which later edits were moved."""


class ListedOverlay(TypedDict):
    """An overlay of a project."""

    name: str
    template: str
    version: str


class OverlayListOutput(TypedDict):
    """What `overlay list` prints."""

    overlays: list[ListedOverlay]


class QuestionsOutput(TypedDict):
    """What `questions` prints."""

    template: str
    """The template's address."""
    questions: list[QuestionOutput]


class Unusable(TypedDict):
    """Why a preset cannot be used."""

    error: str
    hint: str


class PresetsOutput(TypedDict):
    """What `presets` prints; with a name it prints that preset alone."""

    presets: list[PresetOutput]
    unusable: dict[str, Unusable]
    """Presets of the list that cannot be used, by name."""
