"""Measure the async bridge of a built package, as JSON: `python benchmarks/bridge.py PACKAGE [SECONDS [CALL]]`.

The package has to be built with the Cargo feature `testing`. `spawn` runs a Rust future on Tokio's workers, `drive`
polls it on the event loop's thread, and a bare asyncio future is the minimum that any bridge can cost.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

Call = Callable[[int], Awaitable[Any]]

CALLS_FOR_MEMORY = 80_000


def resident_kib() -> int:
    """Return the memory of this process in KiB, after a garbage collection."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


async def sequential(call: Call, seconds: float) -> int:
    """Await one call after another for this long; return how many."""
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        for number in range(50):
            await call(number)
        done += 50
    return done


async def gathered(call: Call, seconds: float, width: int) -> int:
    """Gather `width` calls at once, repeatedly for this long; return how many calls."""
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        await asyncio.gather(*map(call, range(width)))
        done += width
    return done


def bare(number: int) -> Awaitable[int]:
    """Return a plain asyncio future that completes in the next iteration of the loop."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[int] = loop.create_future()
    loop.call_soon(future.set_result, number)
    return future


async def measured(work: Coroutine[Any, Any, int]) -> dict[str, float]:
    """Return calls per second, and microseconds of CPU time per call."""
    cpu, wall = time.process_time(), time.perf_counter()
    done = await work
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"per_second": round(done / wall), "cpu_us": round(cpu / done * 1e6, 1)}


async def main(package: str, seconds: float = 2.0, only: str = "") -> dict[str, Any]:
    """Return the rates of one package, and its memory growth over many calls in KiB; `only` selects one call."""
    testing = importlib.import_module(f"{package}._core").testing
    calls: dict[str, Call] = {"spawn": testing.number, "drive": testing.driven_number, "bare_future": bare}
    calls = {name: call for name, call in calls.items() if only in ("", name)}
    report: dict[str, Any] = {}
    for name, call in calls.items():
        await gathered(call, 0.2, 64)
        report[name] = {
            "sequential": await measured(sequential(call, seconds)),
            "gathered_64": await measured(gathered(call, seconds, 64)),
            "gathered_5000": await measured(gathered(call, seconds, 5000)),
        }
    for name in calls.keys() - {"bare_future"}:
        before = resident_kib()
        for _ in range(CALLS_FOR_MEMORY // 64):
            await asyncio.gather(*map(calls[name], range(64)))
        report[name]["memory_gained_kib"] = resident_kib() - before
    return report


if __name__ == "__main__":
    package, seconds, only = [*sys.argv[1:], *["2", ""][len(sys.argv) - 2 :]]
    print(json.dumps(asyncio.run(main(package, float(seconds), only)), indent=1))
