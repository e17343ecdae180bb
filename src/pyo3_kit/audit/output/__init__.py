"""The forms in which a report is printed. Each module has `render(view) -> str`."""

from __future__ import annotations

import os
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyo3_kit.audit.engine import Report
from pyo3_kit.texts.edits import Span

DOCS = "https://github.com/pyo3-kit/pyo3-kit/blob/main/docs/reference/rules"


@dataclass(frozen=True)
class Point:
    """A place in a file, both from 1, columns in characters."""

    line: int
    column: int


class Source:
    """The text of a file by lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        while (at := self.text.find("\n", starts[-1])) >= 0:
            starts.append(at + 1)
        return starts

    def point(self, index: int) -> Point:
        """The position of a character."""
        line = bisect_right(self._starts, index)
        return Point(line, index - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line."""
        return self.text[self._starts[number - 1] :].partition("\n")[0].rstrip("\r")

    def points(self, span: Span) -> tuple[Point, Point]:
        """Where a part begins, and where what follows it begins."""
        return self.point(span.start), self.point(span.end)


def repository_base(root: Path) -> Path | None:
    """The folder to which GitHub takes paths as relative: its workspace, else the top of the Git repository.

    None where the project is in neither.
    """
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if workspace and root.is_relative_to(os.path.realpath(workspace)):
        return Path(workspace)
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)


class View:
    """A report with what all forms need: paths as the reader takes them, and places in lines and columns."""

    def __init__(self, report: Report, *, base: Path | None = None) -> None:
        self.report = report
        self.base = Path(os.path.realpath(base or Path.cwd()))
        self._sources: dict[str, Source] = {}

    def path(self, path: str) -> str:
        """A path relative to the base, which is the current folder, where it is below it, else the absolute one."""
        whole = self.report.root / path
        try:
            return whole.relative_to(self.base).as_posix()
        except ValueError:
            return whole.as_posix()

    def source(self, path: str) -> Source:
        """The text of a file of the report."""
        if path not in self._sources:
            self._sources[path] = Source(self.report.texts.get(path, ""))
        return self._sources[path]
