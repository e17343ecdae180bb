"""Rates of the async bridge of a built package, as JSON: `bench_bridge.py PACKAGE [SECONDS]`.

The package must be built with the Cargo feature `testing`.
"""

import asyncio
import gc
import importlib
import json
import resource
import sys
import time


def resident_kb():
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() // 1024


async def sequential(call, seconds):
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        for number in range(50):
            await call(number)
        done += 50
    return done


async def gathered(call, seconds, width):
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        await asyncio.gather(*map(call, range(width)))
        done += width
    return done


def bare(number):
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_soon(future.set_result, number)
    return future


async def measure(work):
    cpu, wall = time.process_time(), time.perf_counter()
    done = await work
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"per_second": round(done / wall), "cpu_us": round(cpu / done * 1e6, 1)}


async def main(package, seconds):
    testing = importlib.import_module(f"{package}._core").testing
    calls = {"spawn": testing.number, "drive": testing.driven_number, "bare_future": bare}
    report = {}
    for name, call in calls.items():
        await gathered(call, 0.2, 64)
        report[name] = {
            "sequential": await measure(sequential(call, seconds)),
            "gathered_64": await measure(gathered(call, seconds, 64)),
            "gathered_5000": await measure(gathered(call, seconds, 5000)),
        }
    for name in ("spawn", "drive"):
        await gathered(calls[name], 1, 64)
        before = resident_kb()
        done = 0
        while done < 80_000:
            done += await gathered(calls[name], 0.0001, 64)
        report[name]["memory_kb_after_80000"] = resident_kb() - before
    return report


if __name__ == "__main__":
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
    print(json.dumps(asyncio.run(main(sys.argv[1], seconds)), indent=2))
