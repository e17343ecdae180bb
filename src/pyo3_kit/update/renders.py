"""Versions of a template rendered aside, in this process; nothing is ever rendered into a project."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pyo3_kit.caches import scratch_folder
from pyo3_kit.locations import TEMPLATE_URL
from pyo3_kit.merge.model import File, Tree
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
        self._open: dict[tuple[Path, str], OpenTemplate] = {}
        self._done: dict[tuple[Any, ...], Rendered] = {}
        self._scratch: Path | None = None

    def __enter__(self) -> Renders:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def open(self, version: Version, place: Path, answers_file: str) -> OpenTemplate:
        """The template of this version, for the project at `place`; `Refused` when it cannot be used."""
        key = (version.root, answers_file)
        if key not in self._open:
            opened = open_template(version.source, place, update=True, answers_file=answers_file)
            self._open[key] = self._stack.enter_context(opened)
        template = self._open[key]
        template.move(place)
        return template

    def render(self, version: Version, evaluation: Evaluation, place: Path, answers_file: str) -> Rendered:
        """The files that this version gives with these answers; `Refused` when it cannot be rendered."""
        template = self.open(version, place, answers_file)
        # Any other template may write the project's place into a file; ours takes it for a default only.
        seen = None if version.source.url == TEMPLATE_URL else place
        key = (version.root, answers_file, seen, _canonical(evaluation))
        if key not in self._done:
            if self._scratch is None:
                self._scratch = self._stack.enter_context(scratch_folder())
            folder = self._scratch / str(len(self._done)) / (place.name or "project")
            template.render(folder, evaluation)
            self._done[key] = Rendered(read_tree(folder), template.leaves_alone())
        return self._done[key]


def read_tree(folder: Path) -> dict[str, File]:
    """Every file below `folder`, without following links."""
    found = {}
    for parent, folders, files in os.walk(folder):
        inside = Path(parent)
        links = [name for name in folders if (inside / name).is_symlink()]
        for name in files + links:
            path = inside / name
            found[path.relative_to(folder).as_posix()] = read_file(path)
    return found


def read_file(path: Path) -> File:
    """One file with its mode, or a link with its target; raises `OSError`."""
    if path.is_symlink():
        return File(os.fsencode(path.readlink()), link=True)
    executable = os.name != "nt" and bool(path.stat().st_mode & 0o100)
    return File(path.read_bytes(), executable)


def _canonical(evaluation: Evaluation) -> str:
    answers: Mapping[str, Any] = {item.name: item.value for item in evaluation.items if not item.missing}
    return json.dumps(answers, sort_keys=True, default=repr)
