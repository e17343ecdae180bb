"""What the overlays of a project change in the files of its base template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyo3_kit.errors import from_os_error
from pyo3_kit.merge.model import File, FileMerge, Labels, Outcome, Tree
from pyo3_kit.overlays.composing import compose
from pyo3_kit.overlays.fragments import (
    FOLDER,
    Fragments,
    applied_file,
    fragment_file,
    fragments_in,
    read_applied,
    read_fragments,
    refuse_double,
    write_applied,
)
from pyo3_kit.project.files import write_into
from pyo3_kit.project.location import Project
from pyo3_kit.project.worktree import read_ours
from pyo3_kit.system.caches import scratch_folder
from pyo3_kit.system.own_files import make_own_folder
from pyo3_kit.system.reading import read_bytes
from pyo3_kit.update.stack import Stack

if TYPE_CHECKING:
    from pyo3_kit.update.layers import RenderedLayer


@dataclass(frozen=True, slots=True)
class Overlaid:
    """The overlays' changes to files of the base template: `before` the merged ones, `after` the new ones."""

    before: Mapping[str, Fragments]
    after: Mapping[str, Fragments]

    @property
    def changes(self) -> bool:
        """Whether they differ."""
        return _filled(self.before) != _filled(self.after)

    def records(self, project: Project) -> list[FileMerge]:
        """The file that records the merged fragments, for each overlay."""
        from pyo3_kit.update.layers import written

        found = []
        for name, fragments in self.after.items():
            path = applied_file(name)
            ours = read_ours(project, [path]).get(path)
            if fragments:
                file = File(write_applied(fragments))
                found.append(written(path, ours, file, "it records the merged fragments of the overlay"))
            elif ours is not None:
                reason = "nothing of the overlay is merged in any more"
                found.append(FileMerge(path, Outcome.REMOVED, reason, ours, None))
        return found


def collect_overlaid(stack: Stack, moving: Mapping[str, RenderedLayer], labels: Labels) -> Overlaid:
    """What the overlays change, with those of `moving` rendered: their fragments are merged as any other file is."""
    before, after = {}, {}
    for name in sorted({*stack.overlays, *moving}):
        before[name] = read_applied(stack.main.root, name)
        after[name] = _after(stack.main, name, moving.get(name), labels)
    return Overlaid(before, after)


def _after(project: Project, name: str, layer: RenderedLayer | None, labels: Labels) -> Fragments:
    there = read_fragments(project.root, name)
    if layer is None:
        return there
    from pyo3_kit.merge.tree import merge_trees, never

    sides = [_below(tree, name) for tree in (layer.before, layer.after)]
    for tree in sides:
        fragments_in(tree, name)
    ours = read_ours(project, [fragment_file(name, path) for path in there])
    tree = dict(ours)
    for merge in merge_trees(sides[0], ours, sides[1], seed=never, labels=labels):
        tree.pop(merge.path, None)
        if merge.source is not None:
            tree.pop(merge.source, None)
        if merge.result is not None:
            tree[merge.path] = merge.result
    return {} if layer.target is None else fragments_in(tree, name)


def compose_trees(main: RenderedLayer, overlays: Mapping[str, RenderedLayer], changes: Overlaid) -> tuple[Tree, Tree]:
    """The files of all templates before and after, with the overlays' changes to those of the base template.

    `Refused` when an overlay writes a file of another template.
    """
    before = compose(main.before, changes.before, strict=False)
    after = compose(main.after, changes.after, strict=True) if main.after else {}
    owners = dict.fromkeys(main.after, "")
    for name, layer in overlays.items():
        refuse_double(name, layer.after, owners)
        owners |= dict.fromkeys(layer.after, name)
        before |= layer.before
        after |= layer.after
    return before, after


def _below(tree: Tree, name: str) -> dict[str, File]:
    found = {path: file for path, file in tree.items() if path.startswith(f"{FOLDER}/")}
    fragments_in(found, name)
    return found


def _filled(fragments: Mapping[str, Fragments]) -> dict[str, Fragments]:
    return {name: found for name, found in fragments.items() if found}


@contextmanager
def preview_project(stack: Stack) -> Iterator[Path]:
    """A folder of the project's name with its answers files, in which the base template's may be replaced.

    There an overlay's template reads what it asks of the others, as the project will record it.
    """
    with scratch_folder() as scratch:
        folder = scratch / "preview_project" / (stack.main.root.name or "project")
        try:
            make_own_folder(folder)
            for project in (stack.main, *stack.overlays.values()):
                write_into(folder, project.answers_file, read_bytes(project.root / project.answers_file))
        except OSError as error:
            raise from_os_error(error, "reading the answers files") from error
        yield folder
