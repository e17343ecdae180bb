"""Merge the fragments of overlays into rendered files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pyo3_kit.errors import Refused
from pyo3_kit.merge.kinds import kind_of
from pyo3_kit.merge.model import File, Labels, Merged, Tree
from pyo3_kit.overlays.fragments import Fragments, fragment_file

if TYPE_CHECKING:
    from pyo3_kit.overlays.meaning import Meaning, Place


def compose(tree: Tree, overlays: Mapping[str, Fragments], *, strict: bool) -> dict[str, File]:
    """The tree with the fragments of each overlay merged into its files, one overlay after the other.

    A fragment for a missing file, or one that changes something which the file lacks, raises `Refused`; unless
    `strict`, that is skipped, as for an older tree, which may not have had it yet.
    """
    composed = dict(tree)
    for name, fragments in overlays.items():
        for path, fragment in fragments.items():
            file = composed.get(path)
            if file is None or file.link:
                if strict:
                    raise Refused(
                        f"The overlay `{name}` has a fragment for {path}, which the base template does not write here.",
                        f"Correct or remove {fragment_file(name, path)}, or make the overlay render it only if the "
                        "base template's answers produce that file.",
                    )
                continue
            others = partial(_others_having, path, tree) if strict else None
            composed[path] = replace(file, content=_merged(name, path, file, fragment, others).encode())
    return composed


def _others_having(path: str, tree: Tree, key: str) -> list[str]:
    """The other files of the name of the one at `path` that have a key."""
    from pyo3_kit.overlays.values import load

    name = PurePosixPath(path).name
    named = (other for other, file in sorted(tree.items()) if PurePosixPath(other).name == name and not file.link)
    return [other for other in named if other != path and key in load(other, tree[other].content.decode(), other)]


def _merged(name: str, path: str, file: File, fragment: str, others: Callable[[str], list[str]] | None) -> str:
    # Import mergers lazily: projects without overlays do not need them.
    from pyo3_kit.overlays.meaning import meaning
    from pyo3_kit.overlays.missing import Missing
    from pyo3_kit.overlays.values import load

    place = fragment_file(name, path)
    text = file.content.decode()
    wanted = load(path, fragment, f"The fragment {place}")
    missing = Missing(place, fragment, path, others) if others is not None else None
    found = meaning(path, load(path, text, path), wanted, missing)
    if found.done:
        return text
    # If nothing would be left, the merge has to do it.
    cut = _without(path, text, found.goes) or text
    merged = _put(path, cut, meaning(path, load(path, cut, path), wanted))
    if merged is not None and meaning(path, load(path, merged, path), wanted).done:
        return merged
    raise Refused(
        f"The fragment {place} cannot be merged into {path}.",
        "To replace a whole list, start it with `$replace`.",
    )


def _without(path: str, text: str, places: tuple[Place, ...]) -> str | None:
    """The text without the removed values. TOML does not need this step, since its comments do not interfere."""
    if not places or kind_of(path) == "toml":
        return text
    from pyo3_kit.merge.yaml.cutting import without

    return without(path, text, places)


def _put(path: str, text: str, found: Meaning) -> str | None:
    """The text with the new values, by a merge in which only one side changes."""
    if found.before == found.after:
        return text
    from pyo3_kit.overlays.values import dump

    merger = import_module(f"pyo3_kit.merge.{kind_of(path)}").merge
    merged: Merged | None = merger(path, dump(path, found.before), text, dump(path, found.after), Labels())
    return None if merged is None or merged.conflicts else merged.text
