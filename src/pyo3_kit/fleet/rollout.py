"""A run over a fleet: waves of tasks, resuming, the stop rule, and the report."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from hashlib import sha256
from itertools import groupby
from typing import Protocol

from pyo3_kit.errors import Interrupted, Refused
from pyo3_kit.fleet.executors import Pool, dask_pool, local_pool
from pyo3_kit.fleet.fleetfile import Fleet
from pyo3_kit.fleet.journal import Journal
from pyo3_kit.fleet.locks import own_workspace
from pyo3_kit.fleet.model import WRITING, Entry, Operation, Options, Report, Row, State, Task
from pyo3_kit.fleet.shards import Named, Shard
from pyo3_kit.git.local import local_path
from pyo3_kit.project.location import USUAL
from pyo3_kit.system.reading import TEXT, read_bytes
from pyo3_kit.template.trust import Trust

_BATCH = 8
"""The maximum size of a batch: its repositories have the same answers, and are rendered once."""


class Watch(Protocol):
    """The observer of a run's progress."""

    def begin(self, total: int, done: int) -> None:
        """The run starts, with this many repositories and this many already done."""

    def working(self, names: Sequence[str]) -> None:
        """These are being worked on."""

    def done(self, row: Row) -> None:
        """One more is done."""


@dataclass(frozen=True, slots=True)
class Run:
    """The work to do, and where.

    `filters` are name patterns of which one must match; `templates` are trusted beside those of the fleet file.
    """

    operation: Operation
    fleet: Fleet
    options: Options = field(default_factory=Options)
    filters: tuple[str, ...] = ()
    shard: Shard | None = None
    jobs: int = 1
    scheduler: str | None = None
    resume: bool = False
    tool: str = ""
    templates: tuple[str, ...] = ()


def select_entries(fleet: Fleet, filters: Sequence[str], shard: Shard | None) -> tuple[list[Entry], list[Row]]:
    """The entries and rejected rows selected by filters and shard; raises `Refused` if a filter matches nothing."""

    def wanted(one: Named) -> bool:
        fits = not filters or any(fnmatchcase(one.name, pattern) for pattern in filters)
        return fits and (shard is None or shard.has(one.name))

    every: list[Named] = [*fleet.entries, *fleet.refused]
    if filters and not any(fnmatchcase(one.name, pattern) for one in every for pattern in filters):
        raise Refused(
            f"No repository of the fleet is called {' or '.join(filters)}.", "See the names with `pyo3-kit fleet plan`."
        )
    return [one for one in fleet.entries if wanted(one)], [one for one in fleet.refused if wanted(one)]


def run(order: Run, watch: Watch) -> Report:
    """Run it, and return the report, with rows sorted by name.

    Raises:
        Refused: another run uses the workspace, it is not writable, or no scheduler responds.
        Interrupted: the user ended the run; completed work is recorded for `resume`.
    """
    entries, refused = select_entries(order.fleet, order.filters, order.shard)
    workspace = order.fleet.workspace.absolute()
    if order.shard is not None:
        # Shards on one machine are independent, so they need not wait for each other.
        workspace = workspace / f"shard-{order.shard.number}-of-{order.shard.of}"
    options = replace(order.options, trust=_trust(order))
    tasks = {entry.name: Task(order.operation, entry, workspace, options) for entry in entries}
    with own_workspace(workspace):
        journal = Journal(workspace, order.operation, order.options, tasks)
        rows = journal.begin(resume=order.resume)
        watch.begin(len(tasks), len(rows))
        finished = False
        try:
            opened = dask_pool(order.scheduler) if order.scheduler else local_pool(order.jobs)
            with opened as pool:
                going = _Rollout(order, tasks, rows, journal, watch, pool)
                stopped = going.go()
            finished = True
        except KeyboardInterrupt as error:
            raise Interrupted(
                f"Interrupted: {len(rows)} of {len(tasks)} repositories are done; all repositories are intact.",
                "Continue with `--resume`.",
            ) from error
        finally:
            journal.close(done=finished)
    return Report(
        operation=order.operation.value,
        fleet=order.fleet.name,
        rows=tuple(sorted([*rows.values(), *refused], key=lambda row: row.name)),
        stopped=stopped,
        tool=order.tool,
        made=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        shard=str(order.shard) if order.shard else None,
    )


def _trust(order: Run) -> Trust:
    """Which templates the repositories may name: no clone of another, whatever is listed."""
    where = "Add it to `templates` in the fleet file, or name it with `--trust-template`."
    listed = (*order.fleet.templates, *order.templates)
    places = (local_path(entry.remote) for entry in order.fleet.entries)
    closed = (order.fleet.workspace.absolute(), *(place for place in places if place is not None))
    return Trust(listed, strict=True, closed=closed, hint=where)


@dataclass(slots=True)
class _Rollout:
    order: Run
    tasks: dict[str, Task]
    rows: dict[str, Row]
    journal: Journal
    watch: Watch
    pool: Pool
    wave: list[Task] = field(default_factory=list)

    def go(self) -> str | None:
        """Run all waves; return why it stopped early, if it did."""
        stopped = None
        for number in sorted({task.entry.wave for task in self.tasks.values()}):
            self.wave = [task for task in self.tasks.values() if task.entry.wave == number]
            if stopped is None:
                self._do(deque(_batches(self._left())))
                stopped = self._too_many() or self._too_many(over=True)
            if stopped is not None:
                for task in self._left():
                    self._note(_row(task, State.SKIPPED, "the rollout stopped before its turn"), keep=False)
        return stopped

    def _left(self) -> list[Task]:
        return [task for task in self.wave if task.entry.name not in self.rows]

    def _do(self, waiting: deque[Sequence[Task]]) -> None:
        while waiting and self._too_many() is None:
            died = self._feed(waiting, self.pool.room)
            if not died:
                continue
            self.pool.renew()
            # One of them killed its process: try each once more, alone.
            for task in (task for batch in died for task in batch):
                if self._feed(deque([[task]]), lambda: 1):
                    self.pool.renew()
                    self._note(_row(task, State.BROKEN, "the process that worked on it died twice"))

    def _feed(self, waiting: deque[Sequence[Task]], room: Callable[[], int]) -> list[Sequence[Task]]:
        """Run batches until none is left or a process died; return the batches that died with it."""
        running: dict[Future[list[Row]], Sequence[Task]] = {}
        died: list[Sequence[Task]] = []
        try:
            while True:
                while waiting and not died and len(running) < room() and self._too_many() is None:
                    batch = waiting.popleft()
                    self.watch.working([task.entry.name for tasks in (*running.values(), batch) for task in tasks])
                    running[self.pool.send(batch)] = batch
                if not running:
                    return died
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    batch = running.pop(future)
                    if not self._take(future):
                        died.append(batch)
                self.watch.working([task.entry.name for tasks in running.values() for task in tasks])
        except BaseException:
            for future in running:
                future.cancel()
            for future in wait(running).done:
                if not future.cancelled():
                    self._take(future)
            raise

    def _take(self, future: Future[list[Row]]) -> bool:
        """Record a batch's rows; False if there are none."""
        try:
            rows = future.result()
        except Exception:  # noqa: BLE001 (tasks raise nothing: it is the process that failed)
            return False
        for row in rows:
            self._note(row)
        return True

    def _note(self, row: Row, *, keep: bool = True) -> None:
        self.rows[row.name] = row
        if keep:
            self.journal.add(row)
        self.watch.done(row)

    def _too_many(self, *, over: bool = False) -> str | None:
        """Why the rollout must stop: too large a share of the wave fails.

        While the wave runs, its whole size counts, so that pending repositories cannot change the answer.
        """
        limit = self.order.fleet.stop_at
        if limit is None or self.order.operation not in WRITING:
            return None
        verified = [row for task in self.wave if (row := self.rows.get(task.entry.name)) and row.verified]
        failed = sum(row.state is State.FAILED for row in verified)
        of = len(verified) if over else len(self.wave)
        if failed == 0 or failed * 100 <= limit * of:
            return None
        return f"{failed} of {of} failed in wave {self.wave[0].entry.wave}, more than {limit:g} %"


def _row(task: Task, state: State, reason: str) -> Row:
    return Row(task.entry.name, task.entry.source, state, reason, wave=task.entry.wave)


def _batches(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """The tasks in batches, grouped by equal answers; tasks that build or write are on their own."""
    if any(task.operation in WRITING and not task.options.dry_run for task in tasks):
        yield from ([task] for task in tasks)
        return
    keyed = sorted(((_answers(task), task) for task in tasks), key=lambda pair: (pair[0], pair[1].entry.name))
    for _, group in groupby(keyed, key=lambda pair: pair[0]):
        alike = [task for _, task in group]
        yield from (alike[at : at + _BATCH] for at in range(0, len(alike), _BATCH))


def _answers(task: Task) -> str:
    """A key that is equal for projects with the same answers, as far as known in advance."""
    entry = task.entry
    if entry.path is not None:
        for name in [entry.answers_file] if entry.answers_file else USUAL:
            try:
                return sha256(read_bytes(entry.path / entry.folder / name, TEXT)).hexdigest()
            except OSError:
                continue
    return f"name {entry.name}"
