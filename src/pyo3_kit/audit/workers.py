"""Checks Rust files in several processes where there are many.

The parser holds the GIL, so threads gain nothing. Each process gets its files once, reports what they define, gets
what all of them define, and reports the findings. It is started as a separate program, which works the same on
every system and in a process with threads.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pyo3_kit.audit.analysis import Batch, Found
from pyo3_kit.audit.items import Items
from pyo3_kit.audit.project import Project
from pyo3_kit.system.platforms import available_processors

if TYPE_CHECKING:
    from pyo3_kit.system.workers import Channel, Worker

WORTH = 1_200_000
"""Characters of Rust above which a second process pays for its start."""

_MOST = 8


def check_rust(project: Project, rust: Mapping[str, str], names: Sequence[str], processes: int | None = None) -> Found:
    """What the rules find in these files; `processes` overrides how many there are."""
    parts = _parts(rust, processes or _processes(rust))
    if len(parts) > 1:
        # Only a large project pays for importing this.
        from pyo3_kit.system.workers import Worker
    workers: list[Worker] = []
    done = False
    try:
        for part in parts[1:]:
            workers.append(Worker("pyo3_kit.audit.workers:serve"))
            workers[-1].channel.send((project, names, part))
        batch = Batch(project, names)
        items = [own for path, text in parts[0] if (own := batch.read(path, text)) is not None]
        for worker in workers:
            items += worker.channel.receive()
        known = Items(tuple(sorted(items, key=lambda one: one.path)))
        for worker in workers:
            worker.channel.send(known)
        found = batch.check(known)
        for worker in workers:
            found.add(worker.channel.receive())
        done = True
    finally:
        for worker in workers:
            worker.end(kill=not done)
    return found


def serve(channel: Channel) -> None:
    """Run as such a process."""
    import gc

    gc.disable()
    project, names, part = channel.receive()
    batch = Batch(project, names)
    channel.send([own for path, text in part if (own := batch.read(path, text)) is not None])
    channel.send(batch.check(channel.receive()))


def _processes(rust: Mapping[str, str]) -> int:
    size = sum(map(len, rust.values()))
    if size < WORTH or not sys.executable:
        return 1
    return max(1, min(available_processors(), _MOST, 1 + size // WORTH))


def _parts(rust: Mapping[str, str], number: int) -> list[list[tuple[str, str]]]:
    """The files in parts of about the same size."""
    parts: list[list[tuple[str, str]]] = [[] for _ in range(number)]
    sizes = [0] * number
    for path, text in sorted(rust.items(), key=lambda item: -len(item[1])):
        least = sizes.index(min(sizes))
        parts[least].append((path, text))
        sizes[least] += len(text)
    return parts
