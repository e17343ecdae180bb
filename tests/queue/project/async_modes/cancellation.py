"""Futures that are ended before their time, by Python and by Rust."""

from __future__ import annotations

import asyncio
import weakref
from contextlib import suppress
from types import ModuleType

from .harness import Refused, Thing, cancelled, mode, raised, released


def hangs(testing: ModuleType, driven: bool) -> tuple[asyncio.Future[None], weakref.ref[Thing]]:
    thing = Thing()
    return testing.hang(thing, driven), weakref.ref(thing)


@mode()
async def cancel_early(lib: ModuleType, testing: ModuleType) -> None:
    for driven in (False, True):
        future, watch = hangs(testing, driven)
        future.cancel()
        await cancelled(future)
        await released(testing, [watch])


@mode()
async def cancel_late(lib: ModuleType, testing: ModuleType) -> None:
    for driven in (False, True):
        future, watch = hangs(testing, driven)
        await asyncio.sleep(0.05)
        assert testing.alive() == 1
        future.cancel()
        await cancelled(future)
        await released(testing, [watch])


@mode()
async def cancel_racing(lib: ModuleType, testing: ModuleType) -> None:
    things = [Thing() for _ in range(300)]
    watches = [weakref.ref(thing) for thing in things]
    for number in range(len(things)):
        future = testing.race(things.pop(), number % 7 * 50)
        await asyncio.sleep(number % 5 * 0.0001)
        future.cancel()
        with suppress(asyncio.CancelledError):
            await future
    del future
    await released(testing, watches)


@mode()
async def cancel_with_awaiting_task(lib: ModuleType, testing: ModuleType) -> None:
    thing = Thing()
    watch = weakref.ref(thing)

    async def wait(thing: Thing) -> None:
        await testing.hang(thing, False)

    task = asyncio.create_task(wait(thing))
    await asyncio.sleep(0.02)
    del thing
    task.cancel()
    await cancelled(task)
    del task
    await released(testing, [watch])


@mode()
async def cancel_with_error_at_hand(lib: ModuleType, testing: ModuleType) -> None:
    """The task owns the error as it is, and the cancel comes before it is handed over."""
    for driven in (False, True):
        error = Refused()
        watch = weakref.ref(error)
        future = testing.withhold(error, driven)
        del error
        future.cancel()
        await cancelled(future)
        del future
        await released(testing, [watch])


@mode()
async def cancel_racing_an_error(lib: ModuleType, testing: ModuleType) -> None:
    for _ in range(300):
        future = testing.throw(Refused(), False)
        future.cancel()
        await cancelled(future)


@mode()
async def cancel_from_rust(lib: ModuleType, testing: ModuleType) -> None:
    thing = Thing()
    watch = weakref.ref(thing)
    future = testing.abort(thing)
    del thing
    await cancelled(future)
    await released(testing, [watch])


@mode()
async def timeout(lib: ModuleType, testing: ModuleType) -> None:
    for driven in (False, True):
        future, watch = hangs(testing, driven)
        await raised(asyncio.wait_for(future, 0.02), asyncio.TimeoutError)
        del future
        await released(testing, [watch])
    await raised(asyncio.wait_for(lib.sleep(60), 0.02), asyncio.TimeoutError)
