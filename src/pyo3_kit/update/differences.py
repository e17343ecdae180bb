"""Finds the files of a project that differ from what a version of its template renders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyo3_kit.errors import KitError
from pyo3_kit.merge.model import File, Tree
from pyo3_kit.overlays.composing import compose
from pyo3_kit.overlays.fragments import Fragments
from pyo3_kit.project.answers_file import Recorded
from pyo3_kit.project.checkout import Checkout, is_pointer
from pyo3_kit.project.location import Project
from pyo3_kit.project.lock_file import make_pin, read_pin
from pyo3_kit.project.opt_outs import Shares
from pyo3_kit.project.worktree import read_candidates, read_ours
from pyo3_kit.render.cache import Renders
from pyo3_kit.template.ownership import FILE, seed_matcher
from pyo3_kit.template.versions import TemplateVersions, Version
from pyo3_kit.texts.markers import left_marker
from pyo3_kit.update.comparing import FileStatus, Kind, compare, same

_IGNORED = "Git ignores it, and it is not in this checkout"
_OLDER = 5
"""As many versions before the recorded one are rendered to find out where a file comes from."""


def find_differences(
    project: Project,
    recorded: Recorded,
    versions: TemplateVersions,
    base: Version,
    renders: Renders,
    over: Mapping[str, Fragments],
    shares: Shares,
) -> tuple[list[FileStatus], int, list[str]]:
    """The files that differ, the number of those that do not, and warnings.

    `over` holds the fragments of overlays that are merged into the project, by the overlays' names.
    """
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
                compared = compared._replace(kind=Kind.CUSTOMISED, reason="written your own way")
            if path in moved:
                compared = compared._replace(reason=f"you moved it to {moved[path][0]}; {compared.reason}")
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
    """The drifted files; those that an older version renders are marked as stale."""
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
