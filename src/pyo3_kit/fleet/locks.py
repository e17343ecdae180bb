"""Locks: one run at a time in a workspace, one process at a time on a clone; a dead process holds no lock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.fleet.entries import folder_of
from pyo3_kit.system.own_files import make_own_folder
from pyo3_kit.system.writing import Root
from pyo3_kit.transaction.journal import Place
from pyo3_kit.transaction.lock import Busy, lock_project

_PATIENCE = 20.0
"""Seconds to wait for a dying process of an earlier run, the only one that can hold the lock of a single clone."""


@contextmanager
def own_workspace(workspace: Path) -> Iterator[None]:
    """Create and lock the workspace; raises `Refused` if another run has it, or if it is not writable."""
    try:
        make_own_folder(workspace)
        ignore = workspace / ".gitignore"
        if not ignore.exists():
            # The workspace is often in the fleet file's repository.
            with Root(workspace) as root:
                root.write(ignore.name, b"*\n")
    except OSError as error:
        raise from_os_error(error, "making the fleet's workspace") from error
    refusal = Refused(
        f"Another run is using the workspace {workspace}.",
        "Wait until it is done, or use another one with `--workspace`.",
    )
    with _held(workspace / "run", refusal, 0.0):
        yield


@contextmanager
def own_clone(workspace: Path, name: str) -> Iterator[None]:
    """Lock the clone of a repository; waits a while for a process that is ending."""
    refusal = Refused(f"Another process is working on the clone of {name}.", "Run this again when it is done.")
    with _held(workspace / "locks" / folder_of(name), refusal, _PATIENCE):
        yield


@contextmanager
def own_target(workspace: Path) -> Iterator[Path]:
    """A folder for compiled code that no other process is using. It is kept to speed up later builds."""
    number = 0
    with ExitStack() as stack:
        while True:
            folder = workspace / "target" / str(number)
            try:
                stack.enter_context(_held(folder, Busy(""), 0.0))
                break
            except Busy:
                number += 1
        yield folder


@contextmanager
def _held(folder: Path, refusal: Refused, patience: float) -> Iterator[None]:
    until = time.monotonic() + patience
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(lock_project(Place(folder, folder)))
                break
            except Busy as error:
                if time.monotonic() >= until:
                    raise refusal from error
                time.sleep(0.05)
        yield
