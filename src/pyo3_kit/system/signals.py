"""Ctrl-C and similar signals: an exception during work, blocked during clean-up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from pyo3_kit.errors import Interrupted
from pyo3_kit.system.platforms import ending_signals, hold_signals, signal_main_thread

_ENDING = ending_signals()


def _interrupt(number: int, frame: FrameType | None) -> None:
    while frame is not None:
        if frame.f_code.co_name == "__del__":
            # There Python only prints an exception and continues, so the signal has to come again.
            threading.Timer(0.001, signal_main_thread, (number,)).start()
            return
        frame = frame.f_back
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
    """Handle Ctrl-C and termination signals alike, so that nothing is left behind; nothing is written so far."""
    global _written
    _written = False
    for number in (signal.SIGINT, *_ENDING):
        # A signal that the caller ignores (nohup) stays ignored.
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _interrupt)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold interrupting signals back during a short block that cleans up or commits; they count when it is over.

    Programs that the block starts do not get them. After an exception in the block they are dropped.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    found = {number: signal.getsignal(number) for number in (signal.SIGINT, *_ENDING)}
    # One that the caller ignores stays ignored.
    before = {number: handler for number, handler in found.items() if callable(handler)}
    came: list[int] = []
    release = hold_signals(before)
    # Another thread may still let one through, and Python would handle it in this one.
    for number in before:
        signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        release()
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])
