"""Run tasks in this process, in several local processes, or on a Dask cluster.

Processes, not threads: rendering and merging are Python code, which does not run in parallel in one process. Spawned,
not forked, because a forked process would keep its parent's locks after the parent's death.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pyo3_kit.errors import Refused
from pyo3_kit.fleet.model import Row, Task
from pyo3_kit.fleet.tasks import Working, forget_renders, work_all
from pyo3_kit.system.platforms import available_processors

_MOST_JOBS = 16

if TYPE_CHECKING:
    from pyo3_kit.system.workers import Channel


class Here(Executor):
    """Runs each batch immediately in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run the function, and return a completed future."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 (a future hands it on)
            future.set_exception(error)
        return future


class Pool:
    """An executor for batches. `room` is how many to submit at a time; `renew` restarts it after a crash."""

    def __init__(self, make: Callable[[], Executor], room: Callable[[], int]) -> None:
        self._make = make
        self._executor = make()
        self.room = room

    def send(self, batch: Sequence[Task]) -> Future[list[Row]]:
        """Submit a batch; the future holds its rows."""
        return self._executor.submit(work_all, list(batch))

    def renew(self) -> None:
        """Start again with fresh processes."""
        self._executor.shutdown(wait=False)
        self._executor = self._make()

    def close(self) -> None:
        """Wait for running batches; the caller has already cancelled the pending ones."""
        self._executor.shutdown(wait=True)


@contextmanager
def local_pool(jobs: int) -> Iterator[Pool]:
    """A pool of `jobs` local processes; for one, none is started."""
    if jobs == 1:
        try:
            yield Pool(Here, lambda: 1)
        finally:
            forget_renders()
        return
    from pyo3_kit.system import workers

    pool = Pool(lambda: workers.Pool(jobs, "pyo3_kit.fleet.executors:serve"), lambda: jobs)
    try:
        yield pool
    finally:
        pool.close()


@contextmanager
def dask_pool(address: str) -> Iterator[Pool]:
    """The Dask cluster with the scheduler at `address`; raises `Refused` without the extra or without a response."""
    from importlib import import_module

    try:
        # By name only: the extra may not be installed, and has no types.
        dask: Any = import_module("distributed")
    except ImportError as error:
        raise Refused(
            "`--scheduler` needs Dask, which is not installed.", "Install it with `pip install 'pyo3-kit[dask]'`."
        ) from error
    try:
        client = dask.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise Refused(
            f"No Dask scheduler responds at {address}: {error}", "Check the address, e.g. `tcp://host:8786`."
        ) from error
    with client:
        # One task at a time in each worker, and one in its queue.
        pool = Pool(lambda: client.get_executor(pure=False, retries=1), lambda: max(1, 2 * len(client.nthreads())))
        try:
            yield pool
        finally:
            pool.close()


def usual_jobs(repositories: int) -> int:
    """As many processes as there are processors, but none that would have nothing to do."""
    return max(1, min(available_processors(), _MOST_JOBS, repositories // 2))


def serve(channel: Channel) -> None:
    """Be a worker process: it ends with its parent, and is silent if interrupted."""
    from pyo3_kit.system.workers import work_off

    signal.signal(signal.SIGINT, _interrupted)
    work_off(channel)


def _interrupted(_number: int, _frame: object) -> None:
    if Working.now:
        raise KeyboardInterrupt
