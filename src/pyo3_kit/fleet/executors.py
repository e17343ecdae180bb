"""Where tasks are done: in this process, in several of this machine, or on a Dask cluster.

Processes and not threads: rendering and merging are Python, which does not run in parallel in one process. Started
anew and not forked, for a copy of a process would hold its locks after its death.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from pyo3_kit.errors import Refused
from pyo3_kit.fleet.model import Row, Task
from pyo3_kit.fleet.tasks import Working, forget_renders, work_all


class Here(Executor):
    """Does each batch at once in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """What was done, as a future that is over."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 (a future hands it on)
            future.set_exception(error)
        return future


class Pool:
    """Where batches are sent to. `room` is how many are wanted there at a time; `renew` makes it good after a crash."""

    def __init__(self, make: Callable[[], Executor], room: Callable[[], int]) -> None:
        self._make = make
        self._executor = make()
        self.room = room

    def send(self, batch: Sequence[Task]) -> Future[list[Row]]:
        """Have the batch done; the future holds its rows."""
        return self._executor.submit(work_all, list(batch))

    def renew(self) -> None:
        """Start again with fresh processes."""
        self._executor.shutdown(wait=False)
        self._executor = self._make()

    def close(self) -> None:
        """Wait for what runs; what does not run yet has been cancelled by whoever sent it."""
        self._executor.shutdown(wait=True)


@contextmanager
def local_pool(jobs: int) -> Iterator[Pool]:
    """So many processes of this machine; for one nothing is started."""
    if jobs == 1:
        try:
            yield Pool(Here, lambda: 1)
        finally:
            forget_renders()
        return
    from multiprocessing import get_context

    context = get_context("spawn")
    pool = Pool(lambda: ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin), lambda: jobs)
    try:
        yield pool
    finally:
        pool.close()


@contextmanager
def dask_pool(address: str) -> Iterator[Pool]:
    """The Dask cluster whose scheduler is at `address`; `Refused` without the extra, and when nobody answers there."""
    from importlib import import_module

    try:
        # By its name only: the extra need not be there, and has no types.
        dask: Any = import_module("distributed")
    except ImportError as error:
        raise Refused(
            "`--scheduler` needs Dask, which is not installed.", "Install it with `pip install 'pyo3-kit[dask]'`."
        ) from error
    try:
        client = dask.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise Refused(
            f"No Dask scheduler answers at {address}: {error}", "Check the address, as in `tcp://host:8786`."
        ) from error
    with client:
        # One task at a time in each worker, and one that waits there already.
        pool = Pool(lambda: client.get_executor(pure=False, retries=1), lambda: max(1, 2 * len(client.nthreads())))
        try:
            yield pool
        finally:
            pool.close()


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin() -> None:
    """Make this a process that works: it ends with the one that started it, and is silent when interrupted."""
    signal.signal(signal.SIGINT, _interrupted)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _interrupted(_number: int, _frame: object) -> None:
    if Working.now:
        raise KeyboardInterrupt


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    if (parent := parent_process()) is not None:
        parent.join()
        # Not in order: what is half-done carries a mark, and is made anew.
        os._exit(1)
