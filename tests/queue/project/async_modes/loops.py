"""Event loops: several, closed, foreign, none."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
import weakref
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .harness import PATIENCE, NewLoop, Refused, Thing, abandon, cancelled, echo, mode, released

if sys.platform != "win32":
    import resource


@mode()
async def no_running_loop_in_a_thread(lib: ModuleType, testing: ModuleType) -> None:
    def call() -> str:
        try:
            lib.sleep(0)
        except RuntimeError as error:
            return str(error)
        return "no error"

    assert "no running event loop" in await asyncio.to_thread(call)


@mode()
def several_loops(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    watches = []
    for _ in range(20):
        loop = new_loop()
        thing = Thing()
        watches.append(weakref.ref(thing))
        assert loop.run_until_complete(echo(testing, thing)) is thing
        loop.close()
    del loop, thing
    loop = new_loop()
    loop.run_until_complete(released(testing, watches))
    loop.close()


@mode()
def many_loops(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    """What belongs to a loop goes with it, and does not wait for the garbage collector."""
    if sys.platform != "win32":
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    gc.disable()

    async def work(number: int) -> None:
        assert await lib.sleep(0, number) == number
        assert await testing.number(number) == number

    for number in range(200):
        loop = new_loop()
        loop.run_until_complete(work(number))
        loop.close()


@mode()
def interrupted_loop(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    """What Ctrl-C raises while a future is completed ends the loop's run, and no other future."""
    loop = new_loop()
    call_soon = loop.call_soon

    def done(_: asyncio.Future[Any]) -> None:
        """What a completed future has the loop call."""

    def interrupt(callback: Callable[..., Any], *args: Any, **context: Any) -> asyncio.Handle:
        if callback is not done:
            return call_soon(callback, *args, **context)
        loop.call_soon = call_soon  # type: ignore[method-assign]
        raise KeyboardInterrupt

    def run(make: Callable[[], asyncio.Future[Any]]) -> list[Any]:
        futures = []

        async def wait() -> None:
            for _ in range(20):
                future = make()
                future.add_done_callback(done)
                futures.append(future)
            loop.call_soon = interrupt  # type: ignore[assignment,method-assign]
            await asyncio.sleep(PATIENCE)

        async def outcomes() -> list[Any]:
            ended = asyncio.gather(*futures, return_exceptions=True)
            return await asyncio.wait_for(ended, PATIENCE)

        waiting = loop.create_task(wait())
        try:
            loop.run_until_complete(waiting)
        except KeyboardInterrupt:
            found = loop.run_until_complete(outcomes())
            waiting.cancel()
            loop.run_until_complete(cancelled(waiting))
            return found
        raise AssertionError("the interrupt was swallowed")

    assert run(lambda: testing.number(5)) == [5] * 20
    assert {type(one) for one in run(lambda: testing.throw(Refused(), False))} == {Refused}
    loop.close()


@mode()
def several_threads(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    failures = []

    async def work() -> None:
        for number in range(100):
            assert await testing.number(number) == number
            assert await lib.sleep(0, number) == number
            await asyncio.gather(*(testing.echo(Thing()) for _ in range(5)))

    def run() -> None:
        loop = new_loop()
        try:
            loop.run_until_complete(work())
        except BaseException as error:
            failures.append(error)
        finally:
            loop.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@mode()
def loop_closed_first(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    for _ in range(5):
        loop = new_loop()
        futures = loop.run_until_complete(abandon(lib, testing))
        loop.close()
        time.sleep(0.05)
        del loop, futures
        gc.collect()
    loop = new_loop()
    assert loop.run_until_complete(echo(testing, Thing())) is not None
    loop.close()


@mode()
def no_running_loop(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    calls: list[Callable[[], Any]] = [
        lambda: lib.sleep(0),
        lambda: testing.number(1),
        lambda: testing.echo(Thing()),
    ]
    for call in calls:
        message = ""
        try:
            call()
        except RuntimeError as error:
            message = str(error)
        assert "no running event loop" in message


@mode()
async def loop_without_attributes(lib: ModuleType, testing: ModuleType) -> None:
    """A loop that takes no attribute is served, or refused before anything waits on it."""
    real = asyncio.get_running_loop()

    class Slotted:
        __slots__ = ()

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            return getattr(real, name)

    asyncio._set_running_loop(Slotted())  # type: ignore[arg-type]
    future, message = None, ""
    try:
        future = testing.number(5)
    except TypeError as refusal:
        message = str(refusal)
    finally:
        asyncio._set_running_loop(real)
    if future is not None:
        assert await future == 5
    else:
        assert "attribute" in message
