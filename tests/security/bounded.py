"""`pyo3-kit` with a limit of memory and of time."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from tests.support.command import Result
from tests.support.forks import Forks

MEMORY = 2_000_000_000
SECONDS = 60


class Bounded(Protocol):
    """Runs `pyo3-kit` in a folder; it has to end in time, with its memory, and with a code of its own."""

    def __call__(self, *arguments: str, folder: Path) -> Result: ...


def bounded_by(forks: Forks) -> Bounded:
    """Run it in forks of this process."""

    def run(*arguments: str, folder: Path) -> Result:
        result = forks.run(*arguments, folder=folder, limits={"RLIMIT_AS": MEMORY}, seconds=SECONDS)
        assert "Memory" not in result.err
        assert "unexpected" not in result.err
        assert result.code in (0, 1, 2), result
        return result

    return run
