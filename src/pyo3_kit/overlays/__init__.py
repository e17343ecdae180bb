"""Overlays: an organisation's own template on top of a base template, with changes to the base template's files.

An overlay is a Copier template with its own answers file. It renders its own files like any template. What
it changes in a file of the base template, it renders as a *fragment* in `.pyo3-kit/overlays/<name>/`, at the path of
the file, with only the keys to set, add or remove. A fragment is merged into the file as both templates
render it, never directly into the project, which gets the result by a three-way merge as in any update.
"""

from __future__ import annotations

# Not that of `typing`, to have nothing imported before it is used.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyo3_kit.overlays.composing import compose
    from pyo3_kit.overlays.fragments import (
        Fragments,
        applied_file,
        fragments_in,
        read_applied,
        read_fragments,
        write_applied,
    )
    from pyo3_kit.overlays.names import OverlaySource, name_of, overlay_answers, overlay_source

__all__ = [
    "Fragments",
    "OverlaySource",
    "applied_file",
    "compose",
    "fragments_in",
    "name_of",
    "overlay_answers",
    "overlay_source",
    "read_applied",
    "read_fragments",
    "write_applied",
]

_MODULES = {
    "composing": ("compose",),
    "fragments": ("Fragments", "applied_file", "fragments_in", "read_applied", "read_fragments", "write_applied"),
    "names": ("OverlaySource", "name_of", "overlay_answers", "overlay_source"),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: the names of overlays need none of the merging."""
    for module, names in _MODULES.items():
        if name in names:
            from importlib import import_module

            value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
