"""What goes from a process that renders to the web server: plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pyo3_kit.merge.model import File
from pyo3_kit.web.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Look:
    """What answers come to: the questions, the files, and what is wrong if there are no files.

    `explicit` are the answers without those that are not asked for; `secrets` are names of questions, `recorded` is
    what the project records. `message` and `hint` say why there are no files, `problems` which answers cannot be used.
    """

    folder: str
    pages: list[dict[str, Any]]
    explicit: dict[str, Any]
    secrets: list[str]
    files: dict[str, File] | None
    recorded: dict[str, Any] = field(default_factory=dict)
    decided: list[dict[str, Any]] = field(default_factory=list)
    message: str = ""
    hint: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    wheels: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """The request after one answer was changed, and notes about other answers that were reset."""

    wanted: Wanted
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Update:
    """The answers for the version that is served, the files of the recorded version, and notes.

    `files` is None if the recorded version cannot be rendered here; a note says why.
    """

    answers: dict[str, Any]
    version: str
    files: dict[str, File] | None = None
    notes: list[str] = field(default_factory=list)
