"""How modes are declared, and what they share."""

from __future__ import annotations

import asyncio
import gc
import time
import weakref
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

#: Seconds after which what has not come will not come, however busy the machine is.
PATIENCE = 60.0

NewLoop = Callable[[], asyncio.AbstractEventLoop]


@dataclass(frozen=True)
class Mode:
    run: Callable[..., Any]
    #: What the mode may write to stderr, as a pattern for the whole of it.
    noise: str = ""
    #: The process ends with the mode, instead of waiting for an abort that comes late.
    exits: bool = False


MODES: dict[str, Mode] = {}


def mode(*, noise: str = "", exits: bool = False) -> Callable[[Callable[..., Any]], Any]:
    def add(run: Callable[..., Any]) -> Callable[..., Any]:
        MODES[run.__name__] = Mode(run, noise, exits)
        return run

    return add


PANIC = r"(\s*thread '.*' (\(\d+\) )?panicked at .*:\s*on purpose\s*(note: .*)?)+"


class Thing:
    """An object whose end can be watched."""


class Refused(Exception):
    """An exception of the caller's own."""


async def until(condition: Callable[[], bool]) -> None:
    """A result may overtake the release of what made it."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"still not so after {PATIENCE} s"
        gc.collect()
        await asyncio.sleep(0.005)


async def released(testing: ModuleType, things: Iterable[weakref.ref[Any]]) -> None:
    await until(lambda: testing.alive() == 0 and all(thing() is None for thing in things))


async def cancelled(future: asyncio.Future[Any]) -> None:
    try:
        await future
    except asyncio.CancelledError:
        return
    raise AssertionError("not cancelled")


async def raised(future: Awaitable[Any], *kinds: type[BaseException]) -> BaseException:
    try:
        await future
    except kinds as error:
        return error
    raise AssertionError(f"none of {kinds}")


async def echo(testing: ModuleType, thing: Thing) -> Thing:
    echo: Thing = await testing.echo(thing)
    return echo


async def abandon(lib: ModuleType, testing: ModuleType) -> list[asyncio.Future[Any]]:
    """Futures that are never done, done soon, and done while the loop is closing."""
    return [
        *(testing.hang(Thing(), driven) for driven in (False, True)),
        *(testing.race(Thing(), 200 * number) for number in range(50)),
        *(testing.call(Thing) for _ in range(50)),
        *(lib.sleep(number / 1000, Thing()) for number in range(50)),
    ]
