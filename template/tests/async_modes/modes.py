"""What an awaitable of this package must survive; each mode runs in a process of its own.

A mode gets the package and its `_core.testing`. It is a coroutine function, or, where it makes its
own event loops, a function that gets a factory of loops too.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import os
import re
import signal
import sys
import threading
import time
import warnings
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

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
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "still not so after 5 s"
        gc.collect()
        await asyncio.sleep(0.005)


async def released(testing: ModuleType, things: Iterable[weakref.ref[Thing]]) -> None:
    await until(lambda: testing.alive() == 0 and all(thing() is None for thing in things))


async def cancelled(future: asyncio.Future[Any]) -> None:
    try:
        await future
    except asyncio.CancelledError:
        return
    raise AssertionError("not cancelled")


async def raised(future: asyncio.Future[Any], kind: type[BaseException]) -> BaseException:
    try:
        await future
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


# Values


@mode()
async def rust_value(lib: ModuleType, testing: ModuleType) -> None:
    assert await testing.number(7) == 7
    assert await testing.driven_number(8) == 8
    assert await lib.sleep(0) is None


@mode()
async def returned_object(lib: ModuleType, testing: ModuleType) -> None:
    thing = Thing()
    assert await testing.echo(thing) is thing
    assert await lib.sleep(0, thing) is thing
    assert await lib.sleep(0.01, thing) is thing
    watch = weakref.ref(thing)
    del thing
    await released(testing, [watch])


@mode()
async def dropped_argument(lib: ModuleType, testing: ModuleType) -> None:
    for take in (testing.let_go, testing.own):
        thing = Thing()
        watch = weakref.ref(thing)
        future = take(thing)
        del thing
        await future
        await released(testing, [watch])


# Errors


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
        error = await raised(asyncio.wait_for(future, 5), (RuntimeError, TypeError))
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


@mode()
async def no_running_loop_in_a_thread(lib: ModuleType, testing: ModuleType) -> None:
    def call() -> str:
        try:
            lib.sleep(0)
        except RuntimeError as error:
            return str(error)
        return "no error"

    assert "no running event loop" in await asyncio.to_thread(call)


# Cancellation


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
        try:
            await future
        except asyncio.CancelledError:
            pass
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


# Many at once


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
    kinds = (
        lambda: testing.number(1),
        lambda: testing.echo(Thing()),
        lambda: testing.fail(stop=False),
        lambda: testing.let_go(Thing()),
        lambda: lib.sleep(0.001, Thing()),
    )
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
    time.sleep(0.5)  # all of them are ready by now
    before = turns
    await asyncio.gather(*futures)
    assert turns - before > 5
    ticker.cancel()


# Calls into Python


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


# Event loops


@mode()
def several_loops(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    watches = []
    for _ in range(20):
        loop = new_loop()
        thing = Thing()
        watches.append(weakref.ref(thing))
        assert loop.run_until_complete(testing_echo(testing, thing)) is thing
        loop.close()
    del loop, thing
    loop = new_loop()
    loop.run_until_complete(released(testing, watches))
    loop.close()


async def testing_echo(testing: ModuleType, thing: Thing) -> Thing:
    echo: Thing = await testing.echo(thing)
    return echo


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


async def abandon(lib: ModuleType, testing: ModuleType) -> list[asyncio.Future[Any]]:
    """Futures that are never done, done soon, and done while the loop is closing."""
    return [
        *(testing.hang(Thing(), driven) for driven in (False, True)),
        *(testing.race(Thing(), 200 * number) for number in range(50)),
        *(testing.call(Thing) for _ in range(50)),
        *(lib.sleep(number / 1000, Thing()) for number in range(50)),
    ]


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
    assert loop.run_until_complete(testing_echo(testing, Thing())) is not None
    loop.close()


@mode()
def no_running_loop(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    for call in (lambda: lib.sleep(0), lambda: testing.number(1), lambda: testing.echo(Thing())):
        try:
            call()
        except RuntimeError as error:
            assert "no running event loop" in str(error)
        else:
            raise AssertionError("no error")


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
    try:
        future = testing.number(5)
    except TypeError as error:
        assert "attribute" in str(error)
        future = None
    finally:
        asyncio._set_running_loop(real)
    if future is not None:
        assert await future == 5


# The process


@mode()
async def memory(lib: ModuleType, testing: ModuleType) -> None:
    """Flat over many calls: what a call leaves behind would show after thousands of them."""
    if not sys.platform.startswith("linux"):
        return

    def resident() -> int:
        gc.collect()
        with open("/proc/self/status") as status:
            found = re.search(r"VmRSS:\s*(\d+) kB", status.read())
        assert found is not None
        return int(found[1])

    async def calls() -> None:
        for _ in range(125):
            await asyncio.gather(*(testing.echo(object()) for _ in range(64)))
            await asyncio.gather(*(lib.sleep(0, object()) for _ in range(64)))

    await calls()
    before = resident()
    await calls()
    await calls()
    assert resident() - before < 1500, f"{resident() - before} kB more after 32,000 calls"


@mode()
async def runtime(lib: ModuleType, testing: ModuleType) -> None:
    """One runtime for all kinds of task, its threads sized and named."""
    await asyncio.gather(*(testing.number(number) for number in range(200)))
    same, workers, name = await testing.one_runtime()
    assert same
    assert 1 <= workers <= 4
    assert name.endswith("-tokio")
    if sys.platform.startswith("linux"):
        names = []
        for thread in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{thread}/comm") as comm:
                names.append(comm.read().strip())
        assert not [other for other in names if other.startswith("tokio-r")], names
        assert sum(name.startswith(other) for other in names) >= workers


@mode()
def fork(lib: ModuleType, testing: ModuleType, new_loop: NewLoop) -> None:
    """A forked child is told so, and exits as any other process does."""
    if not hasattr(os, "fork"):
        return
    loop = new_loop()
    loop.run_until_complete(testing_echo(testing, Thing()))
    loop.close()
    warnings.simplefilter("ignore", DeprecationWarning)
    child = os.fork()
    if child == 0:
        sys.exit(in_child(lib, testing))
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            assert os.waitstatus_to_exitcode(status) == 0
            break
        time.sleep(0.02)
    else:
        os.kill(child, signal.SIGKILL)
        raise AssertionError("the forked child hangs")
    loop = new_loop()
    assert loop.run_until_complete(testing_echo(testing, Thing())) is not None
    loop.close()


def in_child(lib: ModuleType, testing: ModuleType) -> int:
    async def calls() -> int:
        told = 0
        for call in (lambda: lib.sleep(0), lambda: testing.number(1)):
            try:
                await asyncio.wait_for(call(), 5)
            except RuntimeError as error:
                told += "fork" in str(error)
        return told

    return 0 if asyncio.run(calls()) == 2 else 3


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


left: Any = None
