"""A terminal of 100 columns and 40 lines that a test can type into and read."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import pexpect
import pyte
from pexpect.fdpexpect import fdspawn

from tests.support.forks import Forks

COLUMNS, LINES = 100, 40
UP, DOWN, ENTER, ESCAPE, CTRL_B, CTRL_C, CTRL_U = "\x1b[A", "\x1b[B", "\r", "\x1b", "\x02", "\x03", "\x15"


class Terminal:
    """`pyo3-kit` in a pseudo-terminal, with its screen kept by pyte."""

    def __init__(
        self,
        forks: Forks,
        arguments: Sequence[str],
        folder: Path,
        changes: Mapping[str, str] | None = None,
        output: Path | None = None,
    ) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.Stream(self.screen)
        self.log = ""
        ours, theirs = pty.openpty()
        fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        # Ours would be at its end if nobody had the other side open; they open it by its name.
        self._theirs: int | None = theirs
        self._process = fdspawn(ours, encoding="utf-8")
        self._process.delaybeforesend = None
        changes = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", **(changes or {})}
        device = os.ttyname(theirs)
        self._running = forks.start(*arguments, folder=folder, changes=changes, terminal=device, output=output)
        self._status: int | None = None

    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def type(self, *keys: str) -> None:
        """Type these keys."""
        for key in keys:
            self._process.send(key)

    def settle(self) -> None:
        """Read until the screen has not changed for a moment: for pictures, as a slow machine is not done by then."""
        before = None
        while before != self.text():
            before = self.text()
            self._read(0.1)

    def wait_for(self, *texts: str, seconds: float = 300) -> str:
        """The screen as soon as all texts stand on it."""
        return self.wait_until(lambda: all(text in self.text() for text in texts), f"{texts}", seconds)

    def wait_until(self, is_there: Callable[[], bool], what: str, seconds: float = 300) -> str:
        """The screen as soon as `what` is there; until the process ends, or the time is over."""
        end = time.monotonic() + seconds
        while self._read(0.05) and time.monotonic() < end:
            if is_there():
                return self.text()
        assert is_there(), f"{what} did not appear on the screen:\n{self.text()}"
        return self.text()

    def choose(self, label: str) -> None:
        """Move the pointer down to the entry that begins with this, and take it."""
        self.wait_until(lambda: bool(self._pointed()), "the pointer")
        for _ in range(60):
            before = self._pointed()
            if before.startswith(label):
                self.type(ENTER)
                return
            self.type(DOWN)
            self.wait_until(partial(self._moved, before), "the next entry")
        raise AssertionError(f"no entry {label}:\n{self.text()}")

    def _pointed(self) -> str:
        lines = (line for line in self.text().splitlines() if line.startswith(" » "))
        return next(lines, "").removeprefix(" » ").strip()

    def _moved(self, before: str) -> bool:
        return self._pointed() not in ("", before)

    def wait_end(self) -> int:
        """The exit code, as soon as the process is done."""
        end = time.monotonic() + 300
        while time.monotonic() < end and self._read(0.1):
            pass
        return self._wait()

    def close(self) -> None:
        """End the process, if it is still there."""
        self._running.send_signal(signal.SIGKILL)
        self._wait()
        self._process.close()
        if self._theirs is not None:
            os.close(self._theirs)

    def _wait(self) -> int:
        if self._status is None:
            self._status = self._running.wait().code
        return self._status

    def _read(self, seconds: float) -> bool:
        try:
            data = self._process.read_nonblocking(65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        if self._theirs is not None:
            os.close(self._theirs)
            self._theirs = None
        self.log += data
        self._stream.feed(data)
        return True
