"""Python processes of our own that do a share of the work: started isolated, fed with objects through pipes."""

from __future__ import annotations

import json
import os
import pickle
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from importlib import import_module
from typing import IO, Any

from pyo3_kit.system.processes import import_path, start_python

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]); "
    "from pyo3_kit.system.workers import serve; serve(sys.argv[1])"
)


class Channel:
    """Objects in and out, one after the other; only ever between processes of this program."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source, self._sink = source, sink

    def send(self, value: object) -> None:
        """Send an object; `OSError` when the other side has gone."""
        pickle.dump(value, self._sink, pickle.HIGHEST_PROTOCOL)
        self._sink.flush()

    def receive(self) -> Any:
        """The next object; `EOFError` or `UnpicklingError` when the other side has gone."""
        return pickle.load(self._source)  # noqa: S301 (a process of this program wrote it)

    def close(self) -> None:
        """Close both directions."""
        with suppress(OSError):
            self._sink.close()
        self._source.close()


class Worker:
    """A process that calls a function, named `module:function`, with its end of a channel to this process."""

    def __init__(self, function: str) -> None:
        self._process = start_python(_PROGRAM, function, json.dumps(import_path()))
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.channel = Channel(self._process.stdout, self._process.stdin)
        self.prepared = False

    def kill(self) -> None:
        """Kill the process; whoever waits for it on the channel gets an `EOFError`."""
        self._process.kill()

    def end(self, *, kill: bool = False) -> None:
        """Close the channel, which ends it, or `kill` it; returns when it has ended."""
        self.channel.close()
        if kill:
            self._process.kill()
        self._process.wait()


def serve(function: str) -> None:
    """Run as such a process."""
    # What a library prints must not get among the objects.
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    module, _, name = function.partition(":")
    getattr(import_module(module), name)(Channel(sys.stdin.buffer, sink))


class Pool(Executor):
    """An executor whose work is done by `size` workers, started when they are needed.

    Each runs `function`, which has to end in `work_off`. What is submitted has to be picklable, and so has its result.
    A worker that dies fails the future that it was at, with an `OSError` or an `EOFError`; another takes its place.
    With `seconds`, a worker that takes longer for a task is killed, and the future gets a `TimeoutError`; `prepare` is
    called in each new worker before that time counts.
    """

    def __init__(
        self, size: int, function: str, *, seconds: float | None = None, prepare: Callable[[], None] | None = None
    ) -> None:
        self._size, self._function, self._seconds = size, function, seconds
        self._prepare = None if prepare is None else pickle.dumps((prepare, (), {}), pickle.HIGHEST_PROTOCOL)
        self._waiting: deque[tuple[Future[Any], bytes]] = deque()
        self._changed = threading.Condition()
        self._idle = 0
        self._closed = False
        self._threads: list[threading.Thread] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have `fn` called by a worker; the future gets what it returns or raises."""
        future: Future[Any] = Future()
        work = pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL)
        with self._changed:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._waiting.append((future, work))
            if self._idle < len(self._waiting) and len(self._threads) < self._size:
                self._threads.append(threading.Thread(target=self._attend, daemon=True))
                self._threads[-1].start()
            self._changed.notify()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more work; `wait` for the rest. `cancel_futures` drops what has not started."""
        with self._changed:
            self._closed = True
            while cancel_futures and self._waiting:
                self._waiting.popleft()[0].cancel()
            self._changed.notify_all()
        for thread in self._threads if wait else ():
            thread.join()

    def _next(self) -> tuple[Future[Any], bytes] | None:
        with self._changed:
            self._idle += 1
            while not self._waiting and not self._closed:
                self._changed.wait()
            self._idle -= 1
            return self._waiting.popleft() if self._waiting else None

    def _attend(self) -> None:
        worker: Worker | None = None
        while (task := self._next()) is not None:
            future, work = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                worker = worker or Worker(self._function)
                result, error = self._call(worker, work)
            except (OSError, EOFError, pickle.UnpicklingError) as broken:
                if worker is not None:
                    worker.end(kill=True)
                    worker = None
                future.set_exception(broken)
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
        if worker is not None:
            worker.end()

    def _call(self, worker: Worker, work: bytes) -> tuple[Any, BaseException | None]:
        """What the task returns or raises; `TimeoutError` (an `OSError`) if it was cut off."""
        if self._prepare is not None and not worker.prepared:
            worker.channel.send(self._prepare)
            _, error = worker.channel.receive()
            if error is not None:
                return None, error
            worker.prepared = True
        late = threading.Event()

        def cut_off() -> None:
            late.set()
            worker.kill()

        timer = None if self._seconds is None else threading.Timer(self._seconds, cut_off)
        if timer is not None:
            timer.start()
        try:
            worker.channel.send(work)
            answer: tuple[Any, BaseException | None] = worker.channel.receive()
        except (OSError, EOFError, pickle.UnpicklingError) as broken:
            if late.is_set():
                raise TimeoutError(f"a task took longer than {self._seconds} seconds") from broken
            raise
        finally:
            if timer is not None:
                timer.cancel()
        return answer


def work_off(channel: Channel) -> None:
    """Run as a worker of a `Pool` until the channel is closed; exit at once when that happens during a task."""
    tasks: deque[bytes] = deque()
    ready = threading.Semaphore(0)
    busy = threading.Event()
    closed = threading.Event()

    def listen() -> None:
        try:
            while True:
                tasks.append(channel.receive())
                ready.release()
        except (EOFError, OSError, pickle.UnpicklingError):
            closed.set()
            if busy.is_set():
                # The process that wanted the work has died. Partial work is marked, and done again.
                os._exit(1)
            ready.release()

    threading.Thread(target=listen, daemon=True).start()
    while True:
        ready.acquire()
        if closed.is_set():
            return
        busy.set()
        function, args, kwargs = pickle.loads(tasks.popleft())  # noqa: S301 (a process of this program wrote it)
        result: Any = None
        error: BaseException | None = None
        try:
            result = function(*args, **kwargs)
        except BaseException as raised:  # noqa: BLE001 (the future hands it on)
            error = raised
        busy.clear()
        channel.send((result, error))
