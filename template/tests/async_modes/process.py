"""Memory, threads and forks."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import signal
import sys
import time
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .harness import NewLoop, Thing, echo, mode


@mode()
async def memory(lib: ModuleType, testing: ModuleType) -> None:
    """Flat over many calls: what a call leaves behind would show after thousands of them."""
    if not sys.platform.startswith("linux"):
        return

    def resident() -> int:
        gc.collect()
        with open("/proc/self/status") as status:
            found = re.search(r"VmRSS:\s*(\d+) kB", status.read())
        assert found is not None
        return int(found[1])

    async def calls() -> int:
        for _ in range(30):
            await asyncio.gather(*(testing.echo(object()) for _ in range(64)))
            await asyncio.gather(*(lib.sleep(0, object()) for _ in range(64)))
        return resident()

    await calls()
    first = min([await calls() for _ in range(3)])
    last = min([await calls() for _ in range(3)])
    # Without the GIL each thread has a heap of its own, and they come and go.
    limit = 1000 if getattr(sys, "_is_gil_enabled", lambda: True)() else 4000
    assert last - first < limit, f"{last - first} kB more after 11,520 calls"


@mode()
async def runtime(lib: ModuleType, testing: ModuleType) -> None:
    """One runtime for all kinds of task, its threads sized and named."""
    await asyncio.gather(*(testing.number(number) for number in range(200)))
    same, workers, name = await testing.one_runtime()
    assert same
    assert 1 <= workers <= 4
    assert name.endswith("-tokio")
    if sys.platform.startswith("linux"):
        names = []
        for thread in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{thread}/comm") as comm:
                names.append(comm.read().strip())
        assert not [other for other in names if other.startswith("tokio-r")], names
        assert sum(name.startswith(other) for other in names) >= workers


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
    deadline = time.monotonic() + 20
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
                await asyncio.wait_for(call(), 5)
            except RuntimeError as error:
                told += "fork" in str(error)
        return told

    return 0 if asyncio.run(calls()) == 2 else 3
