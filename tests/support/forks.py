"""`pyo3-kit` in children of a process that has imported everything.

Each is a process of its own, to be killed or bounded, without the second that starting Python and importing takes.
What Python itself does when it starts, by its variables and with its streams, is not done again: for tests of that
there is `run_kit` with options.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.support.command import ROOT, Result, environment

SECONDS = 300


class Running:
    """A command that was started; `wait` has to be called before the next one is."""

    def __init__(self, forks: Forks, pid: int, folder: tempfile.TemporaryDirectory[str]) -> None:
        self.pid, self._forks, self._folder = pid, forks, folder

    def send_signal(self, number: int) -> None:
        """Send a signal, which reaches nobody once the command has ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self) -> Result:
        """What the command left when it and the processes that it started have ended."""
        code = self._forks.read()
        with self._folder as folder:
            paths = (Path(folder, name) for name in ("out", "err"))
            # With a terminal of its own there is neither.
            out, err = (path.read_text(encoding="utf-8", errors="replace") if path.exists() else "" for path in paths)
        return Result(code, out, err)


class Forks:
    """The process that starts the children, one at a time; it lasts as long as the context."""

    def __enter__(self) -> Forks:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=SECONDS)

    def read(self) -> int:
        """The server's next answer."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def start(
        self,
        *arguments: str,
        folder: Path,
        changes: Mapping[str, str | None] | None = None,
        limits: Mapping[str, int] | None = None,
        seconds: int = SECONDS,
        terminal: str | None = None,
        output: Path | None = None,
        module: str = "pyo3_kit",
    ) -> Running:
        """Start `pyo3-kit` in `folder`; `limits` are those of `setrlimit`, and after `seconds` it is killed.

        Its streams are the device `terminal`, or none and two files; `output` replaces standard output. Another
        `module` is run instead as `python -m` would.
        """
        outputs = tempfile.TemporaryDirectory()
        order = {
            "arguments": arguments,
            "folder": str(folder),
            "environment": environment(changes),
            "limits": dict(limits or {}),
            "seconds": seconds,
            "outputs": outputs.name,
            "terminal": terminal,
            "module": module,
            "output": output and str(output),
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Running(self, self.read(), outputs)

    def run(self, *arguments: str, **options: Any) -> Result:
        """Start `pyo3-kit`, and wait for its end."""
        return self.start(*arguments, **options).wait()


def _become(order: dict[str, Any]) -> None:
    """Make this child what a new process would be."""
    import resource

    os.setsid()
    signal.alarm(order["seconds"])
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    if order["terminal"]:
        # The first terminal that the leader of a session opens is the session's.
        streams = [os.open(order["terminal"], os.O_RDWR) for _ in range(3)]
    else:
        streams = [os.open(os.devnull, os.O_RDONLY)]
        streams += [os.open(Path(order["outputs"], name), os.O_CREAT | os.O_WRONLY) for name in ("out", "err")]
    if order["output"]:
        os.close(streams[1])
        streams[1] = os.open(order["output"], os.O_CREAT | os.O_WRONLY)
    for number, opened in enumerate(streams):
        os.dup2(opened, number)
        os.close(opened)
    for name, limit in order["limits"].items():
        resource.setrlimit(getattr(resource, name), (limit, limit))
    sys.argv = [order["module"], *order["arguments"]]


def _wait(child: int) -> int:
    _, status = os.waitpid(child, 0)
    # A Git process that the child started ends on its own.
    while True:
        try:
            os.killpg(child, 0)
        except (ProcessLookupError, PermissionError):
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _serve() -> str | None:
    """Start a child for each order; returns in a child the module that it is to run."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _become(order)
            return str(order["module"])
        _answer(child)
        _answer(_wait(child))
    return None


def _run(module: str) -> int:
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else bool(ended.code)
    return 0


if __name__ == "__main__":
    import pyo3_kit
    from pyo3_kit.cli import main
    from pyo3_kit.render import _copier  # noqa: F401 (Copier itself is imported by it)

    for found in pkgutil.walk_packages(pyo3_kit.__path__, "pyo3_kit."):
        if not found.name.startswith("pyo3_kit._template") and found.name != "pyo3_kit.__main__":
            importlib.import_module(found.name)
    # What is there already is not looked through for garbage, and its pages stay shared.
    gc.collect()
    gc.freeze()
    module = _serve()
    if module is not None:
        code = main() if module == "pyo3_kit" else _run(module)
        atexit._run_exitfuncs()
        # Taking apart what was imported takes longer than most commands.
        os._exit(code)
