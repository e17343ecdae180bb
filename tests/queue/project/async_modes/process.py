"""Threads and forks."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

from .harness import PATIENCE, NewLoop, Thing, echo, mode, until


@mode()
async def runtime(lib: ModuleType, testing: ModuleType) -> None:
    """One runtime for all kinds of task, its threads sized and named."""
    await asyncio.gather(*(testing.number(number) for number in range(200)))
    same, workers, name = await testing.one_runtime()
    assert same
    assert 1 <= workers <= 4
    assert name.endswith("-tokio")
    if sys.platform.startswith("linux"):
        # A thread takes its name when it first runs.
        await until(lambda: sum(name.startswith(other) for other in thread_names()) >= workers)
        assert not [other for other in thread_names() if other.startswith("tokio-r")]


def thread_names() -> list[str]:
    names = []
    for thread in os.listdir("/proc/self/task"):
        # It may have ended meanwhile.
        with suppress(OSError), open(f"/proc/self/task/{thread}/comm") as comm:
            names.append(comm.read().strip())
    return names


@mode()
def fork(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    """A forked child is told so, and exits as any other process does."""
    if not hasattr(os, "fork"):
        return
    loop = new_loop()
    loop.run_until_complete(echo(testing, Thing()))
    loop.close()
    warnings.simplefilter("ignore", DeprecationWarning)
    child = os.fork()
    if child == 0:
        sys.exit(in_child(lib, testing))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            assert os.waitstatus_to_exitcode(status) == 0
            break
        time.sleep(0.02)
    else:
        os.kill(child, signal.SIGKILL)
        raise AssertionError("the forked child hangs")
    loop = new_loop()
    assert loop.run_until_complete(echo(testing, Thing())) is not None
    loop.close()


def in_child(lib: ModuleType, testing: ModuleType) -> int:
    async def calls() -> int:
        told = 0
        kinds: list[Callable[[], Any]] = [lambda: lib.sleep(0), lambda: testing.number(1)]
        for call in kinds:
            try:
                await asyncio.wait_for(call(), PATIENCE / 4)
            except RuntimeError as error:
                told += "fork" in str(error)
        return told

    return 0 if asyncio.run(calls()) == 2 else 3
