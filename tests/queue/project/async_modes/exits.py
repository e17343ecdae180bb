"""The interpreter's exit while tasks are under way."""

from __future__ import annotations

import asyncio
import atexit
import sys
from types import ModuleType
from typing import Any

from .harness import PATIENCE, NewLoop, Thing, abandon, mode


@mode(exits=True)
async def exit_in_coroutine(lib: ModuleType, testing: ModuleType) -> None:
    futures = await abandon(lib, testing)
    assert futures
    print("passed", flush=True)
    sys.exit(0)


@mode(exits=True)
def exit_with_open_loop(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    global left
    loop = new_loop()
    left = loop, loop.run_until_complete(abandon(lib, testing))
    print("passed", flush=True)


@mode(exits=True)
def exit_with_closed_loop(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    loop = new_loop()
    loop.run_until_complete(abandon(lib, testing))
    loop.close()
    print("passed", flush=True)


@mode(exits=True)
def exit_while_results_arrive(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    """Tasks end in every millisecond of the interpreter's own end."""
    global left

    async def start() -> list[asyncio.Future[Any]]:
        return [testing.race(Thing(), 100 * number) for number in range(300)]

    loop = new_loop()
    left = loop, loop.run_until_complete(start())
    print("passed", flush=True)


@mode(exits=True)
def exit_with_a_late_call(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    """What is called while the interpreter exits is served or refused, but not forgotten."""
    loop = new_loop()

    async def call(number: int) -> int:
        result: int = await asyncio.wait_for(lib.sleep(0.01, number), PATIENCE)
        return result

    def clean_up() -> None:
        message = "exiting"
        try:
            assert loop.run_until_complete(call(2)) == 2
        except RuntimeError as refusal:
            message = str(refusal)
        assert "exiting" in message
        loop.close()
        print("passed", flush=True)

    # Before the first call: what the package registers then runs earlier.
    atexit.register(clean_up)
    assert loop.run_until_complete(call(1)) == 1


left: Any = None
