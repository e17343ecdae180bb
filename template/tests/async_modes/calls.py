"""Calls of Python functions from a task."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from types import ModuleType

from .harness import Refused, mode, raised


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
