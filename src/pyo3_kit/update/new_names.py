"""The names of files that an update would add."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyo3_kit.merge.model import FileMerge, Tree
from pyo3_kit.system.names import refuse_names


def refuse_new_names(files: Sequence[FileMerge], theirs: Tree, owner: Callable[[str], str]) -> None:
    """Raise `Refused` if a template adds a file whose name is refused.

    `theirs` are all files that the templates render, `owner` maps a path to its overlay's name, or to "" for a file of
    the base template.
    """
    new = {one.path: one.result.link for one in files if one.result is not None and one.ours is None}
    whose = {path: f"The overlay `{name}`" if (name := owner(path)) else "The template" for path in new}
    there = {one.path for one in files if one.result is not None} & theirs.keys()
    refuse_names(new, whose, there - new.keys())
