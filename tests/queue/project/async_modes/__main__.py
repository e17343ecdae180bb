"""Runs one mode on one kind of event loop: `python -m async_modes PACKAGE LOOP MODE`."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import sys
import time
from typing import Any

from . import MODES

# An abort comes after a slow backtrace: a process that ends at once exits with 0.
LINGER = 3.0


class WithoutAddReader(asyncio.SelectorEventLoop):
    """As Windows' Proactor loop: it can only be called."""

    def add_reader(self, *_: Any) -> None:  # type: ignore[override]
        raise NotImplementedError


def new_loop(kind: str) -> asyncio.AbstractEventLoop:
    if kind == "uvloop":
        loop: asyncio.AbstractEventLoop = importlib.import_module("uvloop").new_event_loop()
        return loop
    if kind == "without_add_reader":
        return WithoutAddReader()
    return asyncio.new_event_loop()


def main(package: str, kind: str, name: str) -> None:
    lib = importlib.import_module(package)
    testing = importlib.import_module(f"{package}._core").testing
    mode = MODES[name]
    if inspect.iscoroutinefunction(mode.run):
        loop = new_loop(kind)
        loop.run_until_complete(mode.run(lib, testing))
        loop.close()
    else:
        mode.run(lib, testing, lambda: new_loop(kind))
    if not mode.exits:
        time.sleep(LINGER)
        print("passed", flush=True)


main(*sys.argv[1:])
