"""Apply overlays to a project that is being created: open them, render them on top, merge them into its files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.overlays.composing import compose
from pyo3_kit.overlays.fragments import applied_file, fragments_in, refuse_double, write_applied
from pyo3_kit.overlays.names import OverlaySource, check_name
from pyo3_kit.project.files import put_tree, read_tree
from pyo3_kit.render import OpenTemplate, find_source, open_template
from pyo3_kit.system.names import refuse_names
from pyo3_kit.system.own_files import temporary_folder
from pyo3_kit.system.writing import Root

if TYPE_CHECKING:
    from pyo3_kit.render.interview import Evaluation


@dataclass(frozen=True, slots=True)
class Overlay:
    """The opened template of an overlay, with the overlay's name."""

    name: str
    template: OpenTemplate


@dataclass(frozen=True, slots=True)
class Laid:
    """An overlay that was applied to a project: its template's address and version, the answers, and warnings."""

    name: str
    template: str
    ref: str
    answers: Mapping[str, Any]
    warnings: tuple[str, ...]


@contextmanager
def open_overlays(sources: Sequence[OverlaySource], place: Path) -> Iterator[list[Overlay]]:
    """The overlays from these sources, sorted by name, for a project at `place`.

    Raises `Refused` for an invalid address, an unknown version, a template outside Git or without its
    own answers file, and two overlays of the same name.
    """
    found: dict[str, Overlay] = {}
    with ExitStack() as stack:
        for source in sources:
            opened = open_template(find_source(source.address, source.ref), place, leave_tasks=True)
            template = stack.enter_context(opened)
            url = template.source.shown
            if template.commit is None:
                raise Refused(
                    f"The overlay {url} is not a Git repository, so it has no versions.",
                    "Create a Git repository, and tag its versions.",
                )
            name = check_name(template.answers_file, url)
            if name in found:
                other = found[name].template.source.shown
                raise Refused(
                    f"Two overlays are called `{name}`: {other} and {url}.",
                    "Remove one, or change `_answers_file` in one of them.",
                )
            found[name] = Overlay(name, template)
        yield [found[name] for name in sorted(found)]


def lay(folder: Path, overlays: Sequence[Overlay], complete: Callable[[Overlay], Evaluation]) -> list[Laid]:
    """Apply the overlays to the project rendered into `folder`.

    `complete` finds the answers of one, with everything before it rendered. Raises `Refused` for an overlay
    that writes another template's file or no answers file, and for a fragment that cannot be merged; the folder is
    of no use any more.
    """
    below = read_tree(folder)
    owners = dict.fromkeys(below, "")
    fragments = {}
    laid = []
    for overlay in overlays:
        overlay.template.move(folder)
        evaluation = complete(overlay)
        with temporary_folder() as temporary:
            part = temporary / folder.name
            overlay.template.render(part, evaluation)
            tree = read_tree(part)
            _check(overlay, tree)
            refuse_double(overlay.name, tree, owners)
            refuse_names({path: file.link for path, file in tree.items()}, f"The overlay `{overlay.name}`", owners)
            fragments[overlay.name] = fragments_in(tree, overlay.name)
            try:
                with Root(folder) as root:
                    put_tree(root, tree)
                    for path in _empty_folders(part):
                        root.make_folders(path)
            except OSError as error:
                raise from_os_error(error, "rendering") from error
        owners |= dict.fromkeys(tree, overlay.name)
        laid.append(_laid(overlay, evaluation))
    below = {path: file for path, file in below.items() if not path.startswith(".copier-answers.")}
    composed = compose(below, fragments, strict=True)
    written = {path: file.content for path, file in composed.items() if file != below[path]}
    written |= {applied_file(name): write_applied(found) for name, found in fragments.items() if found}
    try:
        with Root(folder) as root:
            for path, content in written.items():
                root.write(path, content)
    except OSError as error:
        raise from_os_error(error, "merging the overlays") from error
    return laid


def _empty_folders(folder: Path) -> Iterator[str]:
    for above, folders, files in os.walk(folder):
        if not folders and not files and Path(above) != folder:
            yield Path(above).relative_to(folder).as_posix()


def _check(overlay: Overlay, tree: Mapping[str, object]) -> None:
    if overlay.template.answers_file not in tree:
        raise Refused(
            f"The overlay {overlay.template.source.shown} does not write {overlay.template.answers_file}.",
            "Without it the overlay cannot be updated: add `{{ _copier_conf.answers_file }}.jinja` to its template.",
        )


def _laid(overlay: Overlay, evaluation: Evaluation) -> Laid:
    runs = overlay.template.runs_code
    said = [f"The overlay `{overlay.name}` declares {' and '.join(runs)}, which pyo3-kit does not run."] if runs else []
    commit = overlay.template.commit or ""
    return Laid(overlay.name, overlay.template.source.shown, commit, evaluation.recorded, tuple(said))
