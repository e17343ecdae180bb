"""The web server as users start it: `pyo3-kit serve`, in a process of its own, at a free port."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.command import environment


@contextmanager
def server(*options: str, folder: Path, changes: Mapping[str, str | None] | None = None) -> Iterator[str]:
    """The page's address, for as long as the context lasts."""
    command = [sys.executable, "-m", "pyo3_kit", "serve", *options]
    process = subprocess.Popen(
        command, cwd=folder, env=environment(changes), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        words = process.stderr.readline().split()
        assert words[:1] == ["Serving"], " ".join(words) + process.stderr.read()
        yield words[1]
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()
