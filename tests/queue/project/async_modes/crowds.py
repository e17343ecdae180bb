"""Thousands of awaitables at once."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .harness import Thing, mode, released


@mode()
async def many_rust_values(lib: ModuleType, testing: ModuleType) -> None:
    assert await asyncio.gather(*map(testing.number, range(5000))) == list(range(5000))
    assert await asyncio.gather(*map(testing.driven_number, range(5000))) == list(range(5000))


@mode()
async def many_objects(lib: ModuleType, testing: ModuleType) -> None:
    things = [Thing() for _ in range(5000)]
    assert await asyncio.gather(*map(testing.echo, things)) == things
    watches = [weakref.ref(thing) for thing in things]
    things.clear()
    await released(testing, watches)


@mode()
async def many_mixed(lib: ModuleType, testing: ModuleType) -> None:
    kinds: list[Callable[[], Any]] = [
        lambda: testing.number(1),
        lambda: testing.echo(Thing()),
        lambda: testing.fail(stop=False),
        lambda: testing.let_go(Thing()),
        lambda: lib.sleep(0.001, Thing()),
    ]
    results = await asyncio.gather(*(kind() for kind in kinds * 1000), return_exceptions=True)
    assert [sum(isinstance(result, kind) for result in results) for kind in (int, Thing)] == [
        1000,
        2000,
    ]
    assert sum(isinstance(result, ValueError) for result in results) == 1000


@mode()
async def loop_stays_responsive(lib: ModuleType, testing: ModuleType) -> None:
    """Completions in a row must not keep the loop from its timers."""
    turns = 0

    async def tick() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    ticker = asyncio.create_task(tick())
    futures = [testing.number(number) for number in range(5000)]
    time.sleep(2)  # all of them are ready by now
    before = turns
    await asyncio.gather(*futures)
    assert turns - before > 5
    ticker.cancel()
