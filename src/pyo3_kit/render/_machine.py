"""What templates see of the machine that they are rendered on: nothing.

Copier gives templates Ansible's filters. Some of them read the environment, where CI keeps its tokens, the user's name,
or the names of files; what they give would be committed and pushed. Here they answer as on an empty machine: a variable
that is not set stays as it is written, a pattern matches no file.
"""

from __future__ import annotations

import posixpath
from typing import Any


def hide_machine(environment: Any) -> None:
    """Replace the filters of a Jinja environment that read variables or the file system."""
    environment.filters.update(
        expandvars=_unchanged,
        expanduser=_unchanged,
        fileglob=_nothing,
        realpath=_absolute,
        relpath=_relative,
    )


def _unchanged(text: Any) -> str:
    return str(text)


def _nothing(_pattern: Any) -> list[str]:
    return []


def _absolute(path: Any) -> str:
    return posixpath.normpath(posixpath.join("/", str(path)))


def _relative(path: Any, start: Any = "/") -> str:
    return posixpath.relpath(_absolute(path), _absolute(start))
