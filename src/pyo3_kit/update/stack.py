"""The templates of a project: the base template, and the overlays on it, in the order of their names.

`status --quick` imports this module, so it imports nothing that merges.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from pyo3_kit.overlays.names import name_of, overlay_answers
from pyo3_kit.project.location import USUAL, Project


class Stack(NamedTuple):
    """A project once for each of its templates: `main` for the base template, `overlays` by their names."""

    main: Project
    overlays: Mapping[str, Project]


def stack_of(project: Project) -> Stack:
    """The stack that the project belongs to; a project with another name for its answers file is on its own."""
    usual = next((name for name in USUAL if os.path.lexists(project.root / name)), None)
    if project.answers_file in USUAL:
        usual = project.answers_file
    if usual is None or (project.answers_file != usual and not name_of(project.answers_file)):
        return Stack(project, {})
    found = overlay_answers(project.root)
    return Stack(
        project._replace(answers_file=usual),
        {name: project._replace(answers_file=file) for name, file in found.items()},
    )


def unmerged_fragments(stack: Stack) -> tuple[str, ...]:
    """The paths of the project's fragments that are not merged in their current form; raises `Refused` for bad ones."""
    from pyo3_kit.overlays.fragments import fragment_file, read_applied, read_fragments

    found = []
    for name in stack.overlays:
        there, done = read_fragments(stack.main.root, name), read_applied(stack.main.root, name)
        found += [fragment_file(name, path) for path in sorted({*there, *done}) if there.get(path) != done.get(path)]
    return tuple(found)
