"""The request and the plan of an update: plain data, for the command line and for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyo3_kit.merge.model import Conflict, FileMerge, Labels, Tree
from pyo3_kit.overlays import OverlaySource
from pyo3_kit.project.location import Project

if TYPE_CHECKING:
    from pyo3_kit.codemods import Applied


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """What to update, and to which version.

    `path` is the project's folder (None: the current one, or the nearest above it); `to` a version, the newest without;
    `rebase_on` the version to compare the project with instead of the recorded one; `template` the address to use and
    record from now on. `again` asks all questions anew. All templates of the project are updated, unless `answers_file`
    names one of them, or `to`, `rebase_on` or `template` are given, which are about the base template. `add` and
    `remove` name an overlay that the project gets, or loses; then all others stay. With `stay` no template is updated:
    only the overlays' fragments are merged in. `trusted` are templates that the project may name in CI, beside ours and
    those of the user's list.
    """

    path: Path | None = None
    answers_file: str | None = None
    to: str | None = None
    rebase_on: str | None = None
    template: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    data_file: Path | None = None
    again: bool = False
    add: OverlaySource | None = None
    remove: str | None = None
    stay: bool = False
    trusted: tuple[str, ...] = ()

    @property
    def named_templates(self) -> tuple[str, ...]:
        """The templates that the user names, which need no list: the trusted ones and `template`."""
        return (*self.trusted, self.template) if self.template else self.trusted


@dataclass(frozen=True, slots=True)
class OverlayStep:
    """An overlay that is updated, added (`before` is empty) or removed (`after` is empty)."""

    name: str
    template: str
    before: str
    after: str
    answers_before: Mapping[str, Any]
    answers_after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an update does.

    `before` and `after` are the names of the versions, `files` what becomes of each file, by path. `left` are files
    that the template no longer has and that stay because they were edited. `base` and `theirs` are what the template
    renders before and now. `overlays` are those that are updated with it. A plan without files has nothing to
    do.
    """

    project: Project
    template: str
    before: str
    after: str
    answers_before: Mapping[str, Any]
    answers_after: Mapping[str, Any]
    files: tuple[FileMerge, ...] = ()
    migrations: tuple[Applied, ...] = ()
    warnings: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    base: Tree = field(default_factory=dict, repr=False)
    theirs: Tree = field(default_factory=dict, repr=False)
    labels: Labels = field(default_factory=Labels)
    overlays: tuple[OverlayStep, ...] = ()

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """All conflicts to resolve."""
        return tuple(conflict for merge in self.files for conflict in merge.conflicts)

    @property
    def answers_changed(self) -> dict[str, tuple[Any, Any]]:
        """The answers that change, each with what it was and what it becomes (None: not there)."""
        names = sorted({*self.answers_before, *self.answers_after})
        pairs = {name: (self.answers_before.get(name), self.answers_after.get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
