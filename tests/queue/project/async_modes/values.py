"""What goes in and comes out."""

from __future__ import annotations

import weakref
from types import ModuleType

from .harness import Thing, mode, released


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
