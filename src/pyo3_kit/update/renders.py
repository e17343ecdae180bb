"""Versions of a template rendered aside, in this process; nothing is ever rendered into a project."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pyo3_kit.caches import scratch_folder
from pyo3_kit.files import read_tree
from pyo3_kit.locations import TEMPLATE_URL
from pyo3_kit.merge.model import Tree
from pyo3_kit.render import OpenTemplate, open_template

if TYPE_CHECKING:
    from pyo3_kit.render.interview import Evaluation
    from pyo3_kit.update.sources import Version


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a version gives with some answers; `leaves_alone` tells at which paths it never touches an existing file."""

    tree: Tree
    leaves_alone: Callable[[str], bool]


class Renders:
    """Open templates and what was rendered from them, remembered for as long as the context lasts.

    A fleet of projects shares one: what has the same version and the same answers is rendered once.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._open: dict[tuple[Path, str | None, bool], OpenTemplate] = {}
        self._done: dict[tuple[Any, ...], Rendered] = {}
        self._scratch: Path | None = None

    def __enter__(self) -> Renders:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def open(self, version: Version, place: Path, answers_file: str | None, *, first: bool = False) -> OpenTemplate:
        """The template of this version, for the project at `place`; `Refused` when it cannot be used.

        `first` tells that the project is to get it now: what a template leaves out of updates it then renders.
        """
        key = (version.root, answers_file, first)
        if key not in self._open:
            opened = open_template(version.source, place, update=not first, answers_file=answers_file, leave_tasks=True)
            self._open[key] = self._stack.enter_context(opened)
        template = self._open[key]
        template.move(place)
        return template

    def render(
        self, version: Version, evaluation: Evaluation, place: Path, answers_file: str, *, first: bool = False
    ) -> Rendered:
        """The files that this version gives with these answers; `Refused` when it cannot be rendered."""
        template = self.open(version, place, answers_file, first=first)
        # Any other template may write the project's place into a file; ours takes it for a default only.
        seen = None if version.source.url == TEMPLATE_URL else place
        key = (version.root, answers_file, first, seen, _canonical(evaluation))
        if key not in self._done:
            if self._scratch is None:
                self._scratch = self._stack.enter_context(scratch_folder())
            folder = self._scratch / str(len(self._done)) / (place.name or "project")
            template.render(folder, evaluation)
            self._done[key] = Rendered(read_tree(folder), template.leaves_alone())
        return self._done[key]


def _canonical(evaluation: Evaluation) -> str:
    answers: Mapping[str, Any] = {item.name: item.value for item in evaluation.items if not item.missing}
    return json.dumps(answers, sort_keys=True, default=repr)
