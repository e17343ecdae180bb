"""A terminal of 100 columns and 40 lines that a test can type into and read."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pexpect
import pyte

from tests.support.command import environment

COLUMNS, LINES = 100, 40
UP, DOWN, ENTER, ESCAPE, CTRL_B, CTRL_C, CTRL_U = "\x1b[A", "\x1b[B", "\r", "\x1b", "\x02", "\x03", "\x15"


class Terminal:
    """`pyo3-kit` in a pseudo-terminal, with its screen kept by pyte."""

    def __init__(
        self,
        arguments: Sequence[str],
        folder: Path,
        changes: Mapping[str, str] | None = None,
        redirect: Path | None = None,
    ) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.Stream(self.screen)
        self.log = ""
        command = [sys.executable, "-m", "pyo3_kit", *arguments]
        if redirect is not None:
            command = ["sh", "-c", f"{shlex.join(command)} > {shlex.quote(str(redirect))}"]
        self.process = pexpect.spawn(
            command[0],
            command[1:],
            cwd=str(folder),
            env=environment({"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", **(changes or {})}),
            dimensions=(LINES, COLUMNS),
            encoding="utf-8",
            timeout=30,
        )
        self.process.delaybeforesend = None

    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def type(self, *keys: str) -> None:
        """Type these keys."""
        for key in keys:
            self.process.send(key)

    def settle(self) -> None:
        """Read until the screen has stood still for a moment."""
        before = None
        while before != self.text():
            before = self.text()
            self._read(0.1)

    def wait_for(self, *texts: str, seconds: float = 60) -> str:
        """The screen as soon as all texts stand on it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(0.05)
            if all(text in self.text() for text in texts):
                return self.text()
        raise AssertionError(f"{texts} did not appear on the screen:\n{self.text()}")

    def wait_end(self) -> int:
        """The exit code, as soon as the process is done."""
        end = time.monotonic() + 60
        while time.monotonic() < end and self._read(0.1):
            pass
        self.process.close()
        status = self.process.exitstatus
        assert status is not None, f"ended by signal {self.process.signalstatus}:\n{self.text()}"
        return status

    def _read(self, seconds: float) -> bool:
        try:
            data = self.process.read_nonblocking(65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.log += data
        self._stream.feed(data)
        return True
