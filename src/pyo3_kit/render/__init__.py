"""Rendering: the only package that knows Copier.

`open_template` gives an `OpenTemplate`, whose `interview` holds the questions and whose `render` writes a project.
Importing this package does not import Copier yet: that takes the greater part of a second.
"""

from __future__ import annotations

from typing import Any

from pyo3_kit.render.template import OpenTemplate, open_template
from pyo3_kit.template.source import Source, find_source

__all__ = ["OpenTemplate", "Source", "copier_defaults", "find_source", "open_template"]


def copier_defaults() -> dict[str, Any]:
    """The answers that the user set as defaults in Copier's own settings; `Refused` if that file is malformed."""
    from pyo3_kit.render import _copier

    return _copier.copier_defaults()
