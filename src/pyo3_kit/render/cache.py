"""Render versions of a template in temporary directories, in this process, never into a project."""

from __future__ import annotations

import json
import shutil
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pyo3_kit.errors import KitError
from pyo3_kit.merge.model import Tree
from pyo3_kit.project.files import read_tree
from pyo3_kit.render import OpenTemplate, open_template
from pyo3_kit.system.caches import scratch_folder
from pyo3_kit.template.location import TEMPLATE_URL

if TYPE_CHECKING:
    from pyo3_kit.render.interview import Evaluation
    from pyo3_kit.template.trust import Trust
    from pyo3_kit.template.versions import TemplateVersions, Version


@dataclass(frozen=True, slots=True)
class Rendered:
    """The render of a version with some answers; `leaves_alone` matches paths of files that are never overwritten."""

    tree: Tree
    leaves_alone: Callable[[str], bool]


class Renders:
    """Open templates and what was rendered from them, remembered for as long as the context lasts.

    A fleet of projects shares one: what has the same version and the same answers is rendered once, and a template is
    fetched once. `keep` is how many renders are remembered, those used last; all of them without it. `trust` says which
    templates the projects may name, by default those that a single project may.
    """

    def __init__(self, keep: int | None = None, trust: Trust | None = None) -> None:
        self._keep, self._trust = keep, trust
        self._stack = ExitStack()
        self._open: dict[tuple[Path, str | None, bool], OpenTemplate] = {}
        self._done: OrderedDict[tuple[Any, ...], Rendered] = OrderedDict()
        self._versions: dict[tuple[str, Path | None], TemplateVersions | KitError] = {}
        self._scratch: Path | None = None
        self.number = 0
        """How many renders were made."""

    def __enter__(self) -> Renders:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def open(self, version: Version, place: Path, answers_file: str | None, *, first: bool = False) -> OpenTemplate:
        """The template of this version, for the project at `place`; `Refused` when it cannot be used.

        `first` if the project gets it for the first time: it then includes what the template skips in updates.
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
            folder = self._scratch / str(self.number) / (place.name or "project")
            self.number += 1
            template.render(folder, evaluation)
            self._done[key] = Rendered(read_tree(folder), template.leaves_alone())
            if self._keep is not None:
                shutil.rmtree(folder.parent, ignore_errors=True)
                while len(self._done) > self._keep:
                    self._done.popitem(last=False)
        self._done.move_to_end(key)
        return self._done[key]

    def versions(self, url: str, project: Path) -> TemplateVersions:
        """`template_versions`, asked once for each template; what it refuses it refuses again, without another try."""
        from pyo3_kit.git.local import local_path
        from pyo3_kit.template.versions import template_versions

        place = local_path(url)
        # Whether a project may name a template on this machine depends on where the project is.
        key = (url, None if place is None else project)
        if key not in self._versions:
            try:
                self._versions[key] = _Remembered(template_versions(url, project, self._trust))
            except KitError as error:
                self._versions[key] = error
        found = self._versions[key]
        if isinstance(found, KitError):
            raise found
        return found


class _Remembered:
    """The versions of a template, each looked up once."""

    def __init__(self, versions: TemplateVersions) -> None:
        self.url = versions.url
        self._versions = versions
        self._known: dict[str | None, Version | KitError] = {}

    def newest(self) -> Version:
        return self._once(None, self._versions.newest)

    def at(self, ref: str) -> Version:
        return self._once(ref, lambda: self._versions.at(ref))

    def released(self) -> tuple[str, ...]:
        return self._versions.released()

    def _once(self, ref: str | None, look: Callable[[], Version]) -> Version:
        if ref not in self._known:
            try:
                self._known[ref] = look()
            except KitError as error:
                self._known[ref] = error
        found = self._known[ref]
        if isinstance(found, KitError):
            raise found
        return found


def _canonical(evaluation: Evaluation) -> str:
    answers: Mapping[str, Any] = {item.name: item.value for item in evaluation.items if not item.missing}
    return json.dumps(answers, sort_keys=True, default=repr)
