"""How a project stands to its template: its version, and where its files differ from what that version renders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pyo3_kit.errors import KitError
from pyo3_kit.merge.model import File, Tree
from pyo3_kit.overlays import Fragments, compose, read_applied
from pyo3_kit.project.answers_file import Recorded, read_answers
from pyo3_kit.project.checkout import Checkout, is_pointer
from pyo3_kit.project.location import Project, find_project
from pyo3_kit.project.lock_file import make_pin, read_pin
from pyo3_kit.project.opt_outs import Shares, make_shares, read_shares
from pyo3_kit.project.worktree import read_candidates, read_ours
from pyo3_kit.render.cache import Renders
from pyo3_kit.template.ownership import FILE, seed_matcher
from pyo3_kit.template.trust import Trust, default_trust
from pyo3_kit.template.versions import TemplateVersions, Version, newest_name, template_versions
from pyo3_kit.texts.markers import left_marker
from pyo3_kit.transaction.journal import state
from pyo3_kit.update.comparing import FileStatus, Kind, compare, same
from pyo3_kit.update.stack import Stack, stack_of, waiting

_IGNORED = "Git ignores it, and it is not in this checkout"
_OLDER = 5
"""As many versions before the recorded one are rendered to find out where a file comes from."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a project stands.

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
        """Whether nothing is to be done, for the overlays neither.

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
    """How the project at `path` stands, with its overlays; `quick` compares versions only.

    With `answers_file` one template of the project alone. `Refused` for what is no project, and for a template that
    cannot be had.
    """
    project = find_project(path, answers_file)
    stack = stack_of(project)
    pending = state(project.place)
    kind = pending.kind if pending else None
    trust = default_trust(trusted)
    with ExitStack() as opened:
        if renders is None and not quick:
            renders = opened.enter_context(Renders(trust=trust))
        look = None if quick else renders
        chosen = next((name for name, one in stack.overlays.items() if one == project), "")
        found = _one(chosen, project, stack, kind, look, trust)
        if answers_file is not None or not stack.overlays:
            return found
        overlays = tuple(_one(name, one, stack, None, look, trust) for name, one in stack.overlays.items())
    return replace(found, overlays=overlays, waiting=waiting(stack))


def _one(
    name: str, project: Project, stack: Stack, pending: str | None, renders: Renders | None, trust: Trust
) -> Status:
    """How the project stands to one of its templates; without `renders` its files are not looked at."""
    recorded = read_answers(project.root / project.answers_file)
    if renders is None:
        versions = template_versions(recorded.source, project.root, trust)
    else:
        versions = renders.versions(recorded.source, project.root)
    newest, behind = _newest(versions, recorded)
    found = Status(project, versions.url, recorded.commit, newest, behind, pending, files=None, name=name)
    if renders is None:
        return found
    # What the project does without is said about the template below; an overlay it has asked for.
    shares = make_shares({}) if name else read_shares(project.root)
    over = {} if name else {other: read_applied(project.root, other) for other in stack.overlays}
    files, same, warnings = _files(project, recorded, versions, versions.at(recorded.commit), renders, over, shares)
    return replace(found, files=tuple(files), same=same, warnings=tuple(warnings))


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


def _files(
    project: Project,
    recorded: Recorded,
    versions: TemplateVersions,
    base: Version,
    renders: Renders,
    over: Mapping[str, Fragments],
    shares: Shares,
) -> tuple[list[FileStatus], int, list[str]]:
    rendered = _render(project, recorded, base, renders)
    plain = {path: file for path, file in rendered.tree.items() if path != project.answers_file}
    # What overlays have in a file is as good as the template's.
    tree = compose(plain, over, strict=False)
    # A version from before the template said whose its files are is read by what it says now.
    owner = base if (base.root / FILE).is_file() else versions.newest()
    is_seed = seed_matcher(owner.root, renders.open(base, project.root, project.answers_file).matcher)
    checkout = Checkout(project)
    ours: dict[str, File] = checkout.with_known_modes(read_ours(project, tree), tree)
    absent = [path for path in tree if path not in ours]
    ignored: set[str] = set()
    if absent:
        ours |= checkout.left_out(absent)
        ignored = checkout.ignored(path for path in absent if path not in ours)
    moved = _moved(project, checkout, tree, ours) if len(ours) < len(tree) else {}
    ours |= {path: file for path, (_, file) in moved.items()}
    found: list[FileStatus] = []
    drifted: list[FileStatus] = []
    for path, file in sorted(tree.items()):
        mine = ours.get(path)
        if mine is not None and same(file, mine):
            if path in moved:
                found.append(FileStatus(path, Kind.CUSTOMISED, f"you moved it to {moved[path][0]}"))
            continue
        if mine is not None and (line := left_marker(path, mine.content)) and not left_marker(path, file.content):
            found.append(FileStatus(path, Kind.DRIFTED, f"a conflict marker is left in line {line}"))
            continue
        if shares.without(path):
            found.append(FileStatus(path, Kind.CUSTOMISED, "left out in pyproject.toml"))
        elif is_seed(path) or rendered.leaves_alone(path):
            reason = "yours to change" if mine is not None else _IGNORED if path in ignored else "you deleted it"
            found.append(FileStatus(path, Kind.CUSTOMISED, reason))
        elif mine is not None and is_pointer(mine, file):
            found.append(FileStatus(path, Kind.CUSTOMISED, "a Git LFS pointer: `git lfs pull` fetches the file"))
        elif path in ignored:
            found.append(FileStatus(path, Kind.CUSTOMISED, _IGNORED))
        elif mine is None:
            found.append(FileStatus(path, Kind.MISSING, "the template has it"))
        else:
            compared = compare(path, file, mine)
            if shares.own(path) and compared.kind is Kind.DRIFTED:
                compared = replace(compared, kind=Kind.CUSTOMISED, reason="written your own way")
            if path in moved:
                compared = replace(compared, reason=f"you moved it to {moved[path][0]}; {compared.reason}")
            (drifted if compared.kind is Kind.DRIFTED else found).append(compared)
    found += _stale_or_drifted(project, recorded, versions, base, renders, drifted, ours, over)
    warnings = []
    pin = read_pin(project.root / project.lock_file, recorded)
    if pin is not None and pin.render != make_pin(recorded, plain).render:
        warnings.append(f"Version {recorded.commit} renders other files than it did before: was the tag moved?")
    return sorted(found, key=lambda status: status.path), len(tree) - len(found), warnings


def _moved(project: Project, checkout: Checkout, tree: Tree, ours: Tree) -> dict[str, tuple[str, File]]:
    """Where the user moved files of the template to, as an update finds it: new path and file, by old path."""
    from pyo3_kit.merge.renames import renames

    missing = {path: file for path, file in tree.items() if path not in ours}
    listed = [path for path in checkout.index if path not in tree]
    candidates = read_candidates(project, missing, tree, listed)
    places = renames(list(missing), tree, list(candidates), candidates)
    return {path: (place, candidates[place]) for path, place in places.items()}


def _render(project: Project, recorded: Recorded, version: Version, renders: Renders) -> Any:
    from pyo3_kit.update.answers import base_answers

    template = renders.open(version, project.root, project.answers_file)
    evaluation = base_answers(template, recorded.answers, {})
    return renders.render(version, evaluation, project.root, project.answers_file)


def _stale_or_drifted(
    project: Project,
    recorded: Recorded,
    versions: TemplateVersions,
    base: Version,
    renders: Renders,
    drifted: Sequence[FileStatus],
    ours: Tree,
    over: Mapping[str, Fragments],
) -> list[FileStatus]:
    """The drifted files, with those told apart that are what an older version renders."""
    left = {status.path: status for status in drifted}
    found = []
    names = list(versions.released())
    before = names[: names.index(base.commit)] if base.commit in names else []
    for name in reversed(before[-_OLDER:] if left else []):
        if not left:
            break
        try:
            tree = compose(_render(project, recorded, versions.at(name), renders).tree, over, strict=False)
        except KitError:
            # That version needs answers which the project no longer has: the files cannot come from it.
            continue
        for path in [path for path in left if path in tree and same(tree[path], ours[path])]:
            found.append(FileStatus(path, Kind.STALE, f"it is that of {name}"))
            del left[path]
    return [*found, *left.values()]


__all__ = ["FileStatus", "Kind", "Status", "status"]
