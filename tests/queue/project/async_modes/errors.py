"""Exceptions and panics."""

from __future__ import annotations

import asyncio
import weakref
from types import ModuleType

from .harness import PANIC, PATIENCE, Refused, Thing, mode, raised, released


@mode()
async def exception(lib: ModuleType, testing: ModuleType) -> None:
    assert str(await raised(testing.fail(stop=False), ValueError)) == "no"


@mode()
async def custom_exception(lib: ModuleType, testing: ModuleType) -> None:
    for driven in (False, True):
        error = Refused("mine")
        assert await raised(testing.throw(error, driven), Refused) is error


@mode()
async def stop_iteration(lib: ModuleType, testing: ModuleType) -> None:
    for future in (
        testing.fail(stop=True),
        testing.throw(StopIteration(), False),
        testing.throw(StopIteration(), True),
    ):
        error = await raised(asyncio.wait_for(future, PATIENCE), RuntimeError, TypeError)
        assert "StopIteration" in str(error)


@mode(noise=PANIC)
async def panic(lib: ModuleType, testing: ModuleType) -> None:
    for driven in (False, True):
        error = await raised(testing.panic(None, driven), BaseException)
        assert type(error).__name__ == "PanicException"
        assert "on purpose" in str(error)
    assert await testing.number(1) == 1


@mode(noise=PANIC)
async def panic_with_object(lib: ModuleType, testing: ModuleType) -> None:
    for driven in (False, True):
        thing = Thing()
        watch = weakref.ref(thing)
        future = testing.panic(thing, driven)
        del thing
        await raised(future, BaseException)
        del future
        await released(testing, [watch])
