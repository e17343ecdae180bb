"""The time that a Rust file may take, so that no file keeps a run busy for minutes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 20.0
"""For one file; the rest of it is not checked then."""


class TooSlow(Exception):  # noqa: N818 (said as it is raised)
    """The time for a file is over."""


class Timer:
    """The time that is left for the file at hand."""

    def __init__(self) -> None:
        self._end = float("inf")

    @contextmanager
    def running(self) -> Iterator[None]:
        """Give a file its time, for as long as the context lasts."""
        self._end = time.monotonic() + SECONDS
        try:
            yield
        finally:
            self._end = float("inf")

    def check(self) -> None:
        """`TooSlow` when it is over."""
        if time.monotonic() > self._end:
            raise TooSlow


timer = Timer()
