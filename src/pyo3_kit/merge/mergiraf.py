"""The program mergiraf, where it is installed: a last attempt at a text before it becomes a conflict.

It is under the GPL, so that it is never part of this package; nothing needs it.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

_PATIENCE_SECONDS = 20


def merge(path: str, base: str, ours: str, theirs: str) -> str | None:
    """What mergiraf makes of three texts; None when it is not installed, knows no way either, or fails."""
    program = shutil.which("mergiraf")
    if program is None:
        return None
    # The name tells it the language.
    name = path.rpartition("/")[2]
    with TemporaryDirectory(prefix="pyo3-kit-") as folder:
        files = []
        for side, text in (("base", base), ("ours", ours), ("theirs", theirs)):
            place = Path(folder, side)
            place.mkdir()
            file = place / name
            file.write_text(text, encoding="utf-8", newline="")
            files.append(str(file))
        try:
            run = subprocess.run(
                [program, "merge", *files, "--path-name", name],
                cwd=folder,
                capture_output=True,
                timeout=_PATIENCE_SECONDS,
                check=False,
            )
            return run.stdout.decode() if run.returncode == 0 else None
        except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
            return None
