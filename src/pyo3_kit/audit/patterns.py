"""Patterns as in `.gitignore`: which of them can be matched, and in what time."""

from __future__ import annotations

import re
import warnings


def is_pattern(line: str) -> bool:
    """Whether a line of `.gitignore` can be understood; a lone `!`, `[z-a]` and `[[:alpha:]]` cannot."""
    from pathspec import GitIgnoreSpec

    parts = re.sub(r"\*{2,}", "**", line).split("/")
    if len(line) > 1000 or parts.count("**") > 6:
        return False
    if any(part != "**" and part.count("*") > 4 for part in parts):
        # Matching a name against such a pattern can take minutes.
        return False
    if line.strip() == "!/":
        # It names nothing, and pathspec takes it for every folder.
        return False
    try:
        with warnings.catch_warnings():
            # pathspec takes the brackets of a POSIX class for a set of their characters.
            warnings.simplefilter("error", FutureWarning)
            GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error, FutureWarning):
        return False
    return True
