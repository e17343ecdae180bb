"""Ctrl-C and similar signals: an exception during work, blocked during clean-up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from pyo3_kit.errors import Interrupted
from pyo3_kit.system.platforms import ending_signals

_ENDING = ending_signals()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


_written = False
"""Whether this process has changed a project, so that an interrupt no longer means that nothing was written."""


def note_written() -> None:
    """Record that the changes to a project are complete; to be called while interrupts are blocked."""
    global _written
    _written = True


def interrupted() -> Interrupted:
    """The error for an interrupt: it says whether the changes were made before it came."""
    if _written:
        return Interrupted("Interrupted, but the changes were already written.", "`git status` shows them.")
    return Interrupted()


def end_orderly() -> None:
    """Handle termination signals like Ctrl-C, so that nothing is left behind; nothing is written so far."""
    global _written
    _written = False
    for number in _ENDING:
        # A signal that the caller ignores (nohup) stays ignored.
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Block interrupting signals during a short block that cleans up or commits."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_ENDING)}
    for number, handler in before.items():
        if callable(handler):
            signal.signal(number, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, handler)
