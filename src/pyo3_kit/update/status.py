"""Whether a project is up to date with its template: its version, and which files differ from what that renders."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pyo3_kit.project.answers_file import Recorded, read_answers
from pyo3_kit.project.location import Project, find_project
from pyo3_kit.template.trust import Trust, default_trust
from pyo3_kit.template.versions import TemplateVersions, newest_name, template_versions
from pyo3_kit.update.comparing import FileStatus, Kind
from pyo3_kit.update.stack import Stack, stack_of, unmerged_fragments

if TYPE_CHECKING:
    from pyo3_kit.render.cache import Renders


class Status(NamedTuple):
    """The status of a project.

    `pending` is `interrupted` or `conflicts` while an update is not over. `files` is None when files were not looked
    at; `same` is the number of those that are the template's. `overlays` are those of the project, each with its own
    version and files, and `waiting` the paths of their fragments that are not merged into the project's files yet.
    `name` is that of an overlay.
    """

    project: Project
    template: str
    version: str
    newest: str
    behind: bool
    pending: str | None
    files: tuple[FileStatus, ...] | None
    same: int = 0
    warnings: tuple[str, ...] = ()
    name: str = ""
    overlays: tuple[Status, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def current(self) -> bool:
        """Whether nothing is to be done, also for the overlays.

        That is: the newest version, no unfinished update, no file but customised ones, no fragment that is waiting.
        """
        kinds = {file.kind for file in self.files or ()}
        mine = not self.behind and self.pending is None and kinds <= {Kind.CUSTOMISED} and not self.waiting
        return mine and all(overlay.current for overlay in self.overlays)


def status(
    path: Path | None = None,
    answers_file: str | None = None,
    *,
    quick: bool = False,
    renders: Renders | None = None,
    trusted: Sequence[str] = (),
) -> Status:
    """The status of the project at `path`, with its overlays; `quick` only compares versions.

    With `answers_file`, only one template of the project. Raises `Refused` for anything but a project, and for an
    unavailable template.
    """
    project = find_project(path, answers_file)
    stack = stack_of(project)
    kind = _pending(project)
    trust = default_trust(trusted)
    with ExitStack() as opened:
        if renders is None and not quick:
            from pyo3_kit.render.cache import Renders

            renders = opened.enter_context(Renders(trust=trust))
        look = None if quick else renders
        chosen = next((name for name, one in stack.overlays.items() if one == project), "")
        found = _one(chosen, project, stack, kind, look, trust)
        if answers_file is not None or not stack.overlays:
            return found
        overlays = tuple(_one(name, one, stack, None, look, trust) for name, one in stack.overlays.items())
    return found._replace(overlays=overlays, waiting=unmerged_fragments(stack))


def _one(
    name: str, project: Project, stack: Stack, pending: str | None, renders: Renders | None, trust: Trust
) -> Status:
    """The project's status against one of its templates; without `renders`, files are not compared."""
    recorded = read_answers(project.root / project.answers_file)
    if renders is None:
        versions = template_versions(recorded.source, project.root, trust)
    else:
        versions = renders.versions(recorded.source, project.root)
    newest, behind = _newest(versions, recorded)
    found = Status(project, versions.url, recorded.commit, newest, behind, pending, files=None, name=name)
    if renders is None:
        return found
    from pyo3_kit.overlays.fragments import read_applied
    from pyo3_kit.project.opt_outs import make_shares, read_shares
    from pyo3_kit.update.differences import find_differences

    # Opt-outs in pyproject.toml are about the base template; an overlay was asked for.
    shares = make_shares({}) if name else read_shares(project.root)
    over = {} if name else {other: read_applied(project.root, other) for other in stack.overlays}
    base = versions.at(recorded.commit)
    files, same, warnings = find_differences(project, recorded, versions, base, renders, over, shares)
    return found._replace(files=tuple(files), same=same, warnings=tuple(warnings))


def _pending(project: Project) -> str | None:
    if not project.place.may_be_unfinished:
        return None
    from pyo3_kit.transaction.journal import state

    pending = state(project.place)
    return pending.kind if pending else None


def _newest(versions: TemplateVersions, recorded: Recorded) -> tuple[str, bool]:
    """The newest version's name, and whether the project is behind it."""
    name = newest_name(recorded.source)
    if name == recorded.commit:
        return name, False
    newest = versions.newest()
    if newest.commit == recorded.commit:
        return newest.commit, False
    base = versions.at(recorded.commit)
    ahead = base.order is not None and newest.order is not None and base.order >= newest.order
    return newest.commit, not ahead


__all__ = ["FileStatus", "Kind", "Status", "status"]
