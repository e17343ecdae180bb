"""The work on one repository: a task that any process can run, on any machine, and that returns a row."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import lru_cache

from pyo3_kit.errors import KitError
from pyo3_kit.fleet.entries import folder_in
from pyo3_kit.fleet.locks import own_clone
from pyo3_kit.fleet.model import WRITING, Ended, Operation, Row, State, Task
from pyo3_kit.fleet.outcomes import one_clause
from pyo3_kit.render.cache import Renders
from pyo3_kit.template.trust import Trust, Untrusted

_KEPT = 16
"""The number of renders that a process caches, so that memory does not grow with the fleet."""

OPEN: list[Renders] = []
"""The renders of this process that are still open."""

_ONE = threading.Lock()
"""A process does one task at a time, even if a scheduler uses several threads: rendering is not thread-safe."""


@lru_cache(maxsize=1)
def shared_renders(trust: Trust) -> Renders:
    """The templates and renders that all tasks of this process share; those of one fleet trust the same templates."""
    atexit.register(forget_renders)
    renders = Renders(_KEPT, trust)
    OPEN.append(renders)
    return renders


def forget_renders() -> None:
    """Release their memory and cache files."""
    while OPEN:
        OPEN.pop().__exit__(None, None, None)
    shared_renders.cache_clear()
    atexit.unregister(forget_renders)


class Working:
    """Whether this process is running a task: only then should Ctrl-C raise an exception."""

    now = False


def work_all(tasks: Iterable[Task]) -> list[Row]:
    """`work` for each of the tasks, one after the other."""
    Working.now = True
    try:
        return [work(task) for task in tasks]
    finally:
        Working.now = False


def work(task: Task) -> Row:
    """Run a task. Any problem with the repository is in the row; only an interruption is raised."""
    entry = task.entry
    start = time.perf_counter()
    row = Row(entry.name, entry.source, State.BROKEN, wave=entry.wave)
    try:
        with _ONE, _clone_of(task):
            row = _operate(task, row)
    except Ended as ended:
        row = replace(row, state=ended.state, reason=one_clause(ended.message), hint=ended.hint)
    except Untrusted as error:
        row = replace(row, state=State.REFUSED, reason=one_clause(error.message), hint=error.hint)
    except KitError as error:
        row = replace(row, reason=one_clause(error.message), hint=error.hint)
    except Exception as error:  # noqa: BLE001 (one repository must not end the run)
        row = replace(row, reason=f"an unexpected error: {type(error).__name__}: {one_clause(str(error))}")
    # The clone's path differs between workspaces.
    clone = str(folder_in(task.workspace, entry))
    row = replace(row, reason=row.reason.replace(clone, entry.source), hint=row.hint.replace(clone, entry.source))
    return replace(row, seconds=time.perf_counter() - start)


def _clone_of(task: Task) -> AbstractContextManager[None]:
    """The lock of the repository's clone, if the task uses one."""
    entry = task.entry
    in_place = entry.path is not None and entry.base is None and (task.operation not in WRITING or task.options.dry_run)
    return nullcontext() if in_place else own_clone(task.workspace, entry.name)


def _operate(task: Task, row: Row) -> Row:
    if task.operation in WRITING:
        from pyo3_kit.fleet.updating import update

        return update(task, row, shared_renders(task.options.trust))
    from pyo3_kit.fleet.looking import check, status

    if task.operation is Operation.CHECK:
        return check(task, row)
    return status(task, row, shared_renders(task.options.trust))
