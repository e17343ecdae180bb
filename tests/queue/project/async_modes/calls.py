"""Calls of Python functions from a task."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from types import ModuleType

from .harness import Refused, cancelled, mode, raised


@mode()
async def callback(lib: ModuleType, testing: ModuleType) -> None:
    here = threading.get_ident()
    assert await testing.call(threading.get_ident) == here
    error = Refused("from the callback")

    def throw() -> None:
        raise error

    assert await raised(testing.call(throw), Refused) is error
    assert await testing.call_and_ignore(lambda: 1 / 0) is True


@mode()
async def no_call_after_a_cancel(lib: ModuleType, testing: ModuleType) -> None:
    """Who has caught the cancel may take down what the function would have used."""
    called: list[None] = []
    for number in range(200):
        future = testing.call(lambda: called.append(None))
        # The task asks for its call, and the loop has no time to make it.
        deadline = time.perf_counter() + 0.002
        while time.perf_counter() < deadline:
            pass
        if number % 2:
            # The loop has seen the bell, and makes the call in this very turn.
            await asyncio.sleep(0)
        future.cancel()
        await cancelled(future)
        before = len(called)
        await asyncio.sleep(0)
        await lib.sleep(0.0001 * (number % 5))
        assert len(called) == before


@mode()
async def context_variables(lib: ModuleType, testing: ModuleType) -> None:
    name = contextvars.ContextVar("name", default="nobody")

    async def visit(value: str) -> None:
        name.set(value)
        assert await testing.call(name.get) == value
        await testing.number(1)
        await lib.sleep(0.001)
        assert name.get() == value

    await asyncio.gather(*(visit(f"visitor {number}") for number in range(50)))
    assert name.get() == "nobody"
    assert await testing.call(name.get) == "nobody"
