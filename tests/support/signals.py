"""When a process has come so far that a signal does to it what its program says."""

from __future__ import annotations

import re
from pathlib import Path


def listens(pid: int, *numbers: int) -> bool:
    """Whether the process catches these signals by now: before that they end any Python in their own way."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return True
    caught = int(re.findall(r"SigCgt:\s*(\w+)", status.read_text())[0], 16)
    return all(caught >> (number - 1) & 1 for number in numbers)
