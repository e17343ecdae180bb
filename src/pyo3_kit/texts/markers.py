"""Conflict markers that Git or another program left in a text."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_FENCE = re.compile(rb"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_PROSE = {".md", ".markdown", ".rst"}


def left_marker(path: str, content: bytes) -> int | None:
    """The line, counted from 1, where the first whole conflict in a file's text begins; None without one.

    Whole is a conflict with all three markers. Markdown and reStructuredText may show one in a fenced block.
    """
    if b"<<<<<<< " not in content:
        return None
    if PurePosixPath(path).suffix in _PROSE:
        content = _FENCE.sub(lambda fence: b"\n" * fence[0].count(b"\n"), content)
    begin, divided = None, False
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.startswith(b"<<<<<<< "):
            begin, divided = number, False
        elif line.rstrip(b"\r") == b"=======":
            divided = begin is not None
        elif divided and line.startswith(b">>>>>>> "):
            return begin
    return None
