"""Patterns as in `.gitignore`: which of them can be matched, and in what time."""

from __future__ import annotations

import re


def is_pattern(line: str) -> bool:
    """Whether a line of `.gitignore` can be understood; a lone `!` and `[z-a]` cannot."""
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
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True
