"""Checks Rust files in several processes where there are many.

The parser holds the GIL, so threads gain nothing. Each process gets its files once, reports what they define, gets
what all of them define, and reports the findings. It is started as a separate program, which works the same on
every system and in a process with threads.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any

from pyo3_kit.audit.analysis import Batch, Found
from pyo3_kit.audit.items import FileItems, Items
from pyo3_kit.audit.project import Project

WORTH = 1_200_000
"""Characters of Rust above which a second process pays for its start."""

_MOST = 8
_PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from pyo3_kit.audit.workers import serve; serve()"


def check_rust(project: Project, rust: Mapping[str, str], names: Sequence[str], processes: int | None = None) -> Found:
    """What the rules find in these files; `processes` overrides how many there are."""
    parts = _parts(rust, processes or _processes(rust))
    workers = [_Worker(project, names, part) for part in parts[1:]]
    try:
        batch = Batch(project, names)
        items = [own for path, text in parts[0] if (own := batch.read(path, text)) is not None]
        for worker in workers:
            items += worker.items()
        known = Items(tuple(sorted(items, key=lambda one: one.path)))
        for worker in workers:
            worker.send(known)
        found = batch.check(known)
        for worker in workers:
            found.add(worker.found())
    finally:
        for worker in workers:
            worker.end()
    return found


class _Worker:
    def __init__(self, project: Project, names: Sequence[str], part: Sequence[tuple[str, str]]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, json.dumps(sys.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.to: IO[bytes] = self.process.stdin
        self.back: IO[bytes] = self.process.stdout
        self.send((project, names, part))

    def send(self, value: object) -> None:
        pickle.dump(value, self.to, pickle.HIGHEST_PROTOCOL)
        self.to.flush()

    def items(self) -> list[FileItems]:
        return list(self._receive())

    def found(self) -> Found:
        value = self._receive()
        assert isinstance(value, Found)
        return value

    def _receive(self) -> Any:
        return pickle.load(self.back)  # noqa: S301 (our own process wrote it)

    def end(self) -> None:
        self.to.close()
        self.back.close()
        if self.process.poll() is None and sys.exc_info()[0] is not None:
            self.process.kill()
        self.process.wait()


def serve() -> None:
    """Be such a process."""
    import gc

    gc.disable()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    project, names, part = pickle.load(source)  # noqa: S301 (our own process wrote it)
    batch = Batch(project, names)
    items = [own for path, text in part if (own := batch.read(path, text)) is not None]
    pickle.dump(items, sink, pickle.HIGHEST_PROTOCOL)
    sink.flush()
    known = pickle.load(source)  # noqa: S301 (our own process wrote it)
    pickle.dump(batch.check(known), sink, pickle.HIGHEST_PROTOCOL)
    sink.flush()


def _processes(rust: Mapping[str, str]) -> int:
    size = sum(map(len, rust.values()))
    if size < WORTH or not sys.executable:
        return 1
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available, _MOST, 1 + size // WORTH))


def _parts(rust: Mapping[str, str], number: int) -> list[list[tuple[str, str]]]:
    """The files in parts of about the same size."""
    parts: list[list[tuple[str, str]]] = [[] for _ in range(number)]
    sizes = [0] * number
    for path, text in sorted(rust.items(), key=lambda item: -len(item[1])):
        least = sizes.index(min(sizes))
        parts[least].append((path, text))
        sizes[least] += len(text)
    return parts
