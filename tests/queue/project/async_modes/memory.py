"""What a call leaves behind."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from .harness import Thing, mode

#: Calls of each kind in a stretch, and the most stretches.
CALLS = 2560
STRETCHES = 20


def objects() -> int:
    return len(gc.get_objects())


class Mallinfo(ctypes.Structure):
    """glibc's `struct mallinfo2`."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    ]


def measures() -> dict[str, tuple[Callable[[], int], int]]:
    """What can be measured here, each with the least that a leak adds to it in a stretch.

    Without a GIL the pages come and go by megabytes; the other two are exact everywhere.
    """
    found: dict[str, tuple[Callable[[], int], int]] = {"objects": (objects, CALLS // 2)}
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        # Coarse, but it has what other allocators than glibc's leave, and what none of them knows.
        found["pages"] = (lambda: int(Path("/proc/self/statm").read_text().split()[1]), CALLS // 64)
        if hasattr(libc, "mallinfo2"):
            libc.mallinfo2.restype = Mallinfo
            found["bytes"] = (lambda: int(libc.mallinfo2().uordblks), CALLS * 64)
    return found


@mode()
async def memory(lib: ModuleType, testing: ModuleType) -> None:
    """A leak adds to every stretch of calls; an allocator that breathes does not."""

    async def calls() -> None:
        for _ in range(CALLS // 64):
            await asyncio.gather(*(testing.echo(Thing()) for _ in range(64)))
            await asyncio.gather(*(lib.sleep(0, Thing()) for _ in range(64)))
        gc.collect()

    await calls()
    growing = measures()
    for _ in range(STRETCHES):
        before = {name: measure() for name, (measure, _) in growing.items()}
        await calls()
        grown = {name: growing[name][0]() - before[name] for name in growing}
        growing = {name: growing[name] for name in growing if grown[name] >= growing[name][1]}
        if not growing:
            return
    raise AssertionError(f"more in each of {STRETCHES} stretches of {2 * CALLS} calls: {grown}")
