"""The command line as a user runs it, without a terminal: in a process of its own, or for speed in this one."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from pyo3_kit.cli import main
from tests.support.schemas import check_output

ROOT = Path(__file__).resolve().parents[2]
_PYTHON_READS = ("PYTHON", "LC_", "LANG")


@dataclass(frozen=True)
class Result:
    """What a run left: exit code and both outputs; `arguments` are those of a run that may print JSON."""

    code: int
    out: str
    err: str
    arguments: Sequence[str] = ()

    @property
    def object(self) -> dict[str, Any]:
        """The JSON object on stdout, which has to be all there is, and as its schema says."""
        loaded = json.loads(self.out)
        assert isinstance(loaded, dict)
        if self.arguments and "sarif" not in self.arguments:
            check_output(self.arguments, loaded)
        return loaded


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """The process's environment with the package of this checkout first, and `changes` made (None: removed)."""
    variables = dict(os.environ)
    variables["PYTHONPATH"] = str(ROOT / "src")
    for key, value in (changes or {}).items():
        if value is None:
            variables.pop(key, None)
        else:
            variables[key] = value
    return variables


def run_kit(*arguments: str, folder: Path, changes: Mapping[str, str | None] | None = None, **options: Any) -> Result:
    """Run `pyo3-kit` in `folder` without a terminal.

    In this process, where Copier is imported already, unless the process itself is to differ: by an option of
    `subprocess.run`, or by a variable that Python reads when it starts.
    """
    if not options and not any(name.startswith(_PYTHON_READS) for name in changes or ()):
        return _run_here(arguments, folder, changes or {})
    done = subprocess.run(
        [sys.executable, "-m", "pyo3_kit", *arguments],
        cwd=folder,
        env=environment(changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        **{"timeout": 300, **options},
    )
    return Result(done.returncode, done.stdout, done.stderr, arguments)


def _run_here(arguments: Sequence[str], folder: Path, changes: Mapping[str, str | None]) -> Result:
    before, handlers = Path.cwd(), {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    out, err = StringIO(), StringIO()
    os.chdir(folder)
    try:
        with Path(os.devnull).open() as nothing, pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", nothing)
            for name, value in changes.items():
                if value is None:
                    patch.delenv(name, raising=False)
                else:
                    patch.setenv(name, value)
            with redirect_stdout(out), redirect_stderr(err):
                code = main(arguments)
    finally:
        os.chdir(before)
        gc.enable()
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return Result(code, out.getvalue(), err.getvalue(), arguments)


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Every path below `folder` with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() and not path.is_symlink() else None
        for path in sorted(folder.rglob("*"))
    }
