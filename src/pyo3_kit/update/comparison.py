"""Compares a project's files with what a version of its template renders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pyo3_kit.errors import KitError
from pyo3_kit.merge.model import File, Tree
from pyo3_kit.overlays.composing import compose
from pyo3_kit.overlays.fragments import Fragments
from pyo3_kit.project.answers_file import Recorded
from pyo3_kit.project.location import Project
from pyo3_kit.project.lock_file import make_pin, read_pin
from pyo3_kit.project.opt_outs import Shares
from pyo3_kit.project.worktree import read_ours
from pyo3_kit.render.cache import Renders
from pyo3_kit.template.ownership import FILE, seed_matcher
from pyo3_kit.template.versions import TemplateVersions, Version
from pyo3_kit.update.file_status import FileStatus, Kind

_OLDER = 5
"""As many versions before the recorded one are rendered to find out where a file comes from."""


def compare_files(
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
    ours = read_ours(project, tree)
    found: list[FileStatus] = []
    drifted: list[FileStatus] = []
    for path, file in sorted(tree.items()):
        mine = ours.get(path)
        if mine is not None and _same(file, mine):
            continue
        if shares.without(path):
            found.append(FileStatus(path, Kind.CUSTOMISED, "left out in pyproject.toml"))
        elif is_seed(path) or rendered.leaves_alone(path):
            reason = "you deleted it" if mine is None else "yours to change"
            found.append(FileStatus(path, Kind.CUSTOMISED, reason))
        elif mine is None:
            found.append(FileStatus(path, Kind.MISSING, "the template has it"))
        else:
            compared = _compare(path, file, mine)
            if shares.own(path) and compared.kind is Kind.DRIFTED:
                compared = replace(compared, kind=Kind.CUSTOMISED, reason="written your own way")
            (drifted if compared.kind is Kind.DRIFTED else found).append(compared)
    found += _stale_or_drifted(project, recorded, versions, base, renders, drifted, ours, over)
    warnings = []
    pin = read_pin(project.root / project.lock_file, recorded)
    if pin is not None and pin.render != make_pin(recorded, plain).render:
        warnings.append(f"Version {recorded.commit} renders other files than it did before: was the tag moved?")
    return sorted(found, key=lambda status: status.path), len(tree) - len(found), warnings


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
        for path in [path for path in left if path in tree and _same(tree[path], ours[path])]:
            found.append(FileStatus(path, Kind.STALE, f"it is that of {name}"))
            del left[path]
    return [*found, *left.values()]


def _same(one: File, other: File) -> bool:
    if one == other:
        return True
    if one.link or other.link or one.executable != other.executable:
        return False
    return one.content.replace(b"\r\n", b"\n") == other.content.replace(b"\r\n", b"\n")


def _compare(path: str, base: File, ours: File) -> FileStatus:
    if base.link or ours.link:
        return FileStatus(path, Kind.DRIFTED, "it leads elsewhere" if base.link == ours.link else "a link and a file")
    try:
        texts = [file.content.decode().removeprefix("\ufeff").replace("\r\n", "\n") for file in (base, ours)]
    except UnicodeDecodeError:
        return FileStatus(path, Kind.DRIFTED, "its content is another")
    if texts[0] == texts[1]:
        return FileStatus(path, Kind.DRIFTED, "it is a program no more" if base.executable else "it was made a program")
    if path.endswith(".toml") and (compared := _compare_toml(path, texts[0], texts[1])):
        return compared
    if _within(texts[0].splitlines(), texts[1].splitlines()):
        return FileStatus(path, Kind.CUSTOMISED, "you added to it")
    return FileStatus(path, Kind.DRIFTED, "lines of the template were changed")


def _compare_toml(path: str, base: str, ours: str) -> FileStatus | None:
    from pyo3_kit.merge.toml.reader import Unreadable, load

    try:
        before, now = load(path, base), load(path, ours)
    except Unreadable:
        return None
    added: list[str] = []
    changed: list[str] = []
    _compare_data((), before, now, added, changed)
    if changed:
        return FileStatus(path, Kind.DRIFTED, "keys of the template were changed", tuple(changed))
    if added:
        return FileStatus(path, Kind.CUSTOMISED, "you added to it", tuple(added))
    return FileStatus(path, Kind.CUSTOMISED, "only its form was changed")


def _compare_data(path: tuple[str, ...], base: Any, ours: Any, added: list[str], changed: list[str]) -> None:
    name = ".".join(path)
    if isinstance(base, Mapping) and isinstance(ours, Mapping):
        for key in base:
            if key not in ours:
                changed.append(".".join((*path, key)))
            else:
                _compare_data((*path, key), base[key], ours[key], added, changed)
        added += [".".join((*path, key)) for key in ours if key not in base]
    elif base != ours:
        both = isinstance(base, (list, tuple)) and isinstance(ours, (list, tuple))
        if both and all(list(ours).count(item) >= list(base).count(item) for item in base):
            if len(base) != len(ours):
                added.append(name)
        else:
            changed.append(name)


def _within(base: Sequence[str], ours: Sequence[str]) -> bool:
    """Whether all lines of `base` stand in `ours`, in their order."""
    rest = iter(ours)
    return all(any(line == other for other in rest) for line in base)
