"""A run over a fleet: waves of tasks, what is done already, the rule that stops it, and the report at its end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from hashlib import sha256
from itertools import groupby
from typing import Protocol

from pyo3_kit.errors import Interrupted, Refused
from pyo3_kit.fleet.entries import Entry
from pyo3_kit.fleet.executors import Place, dask_place, local_place
from pyo3_kit.fleet.fleetfile import Fleet
from pyo3_kit.fleet.journal import Journal
from pyo3_kit.fleet.locks import own_workspace
from pyo3_kit.fleet.model import Report, Row, State
from pyo3_kit.fleet.shards import Named, Shard
from pyo3_kit.fleet.tasks import WRITING, Operation, Options, Task
from pyo3_kit.project.location import USUAL
from pyo3_kit.system.reading import TEXT, read_bytes

_BATCH = 8
"""The most repositories in a batch: they have the same answers, and so are rendered once."""


class Watch(Protocol):
    """Who is told how the run goes."""

    def begin(self, total: int, done: int) -> None:
        """The run has so many repositories, and so many of them are done already."""

    def working(self, names: Sequence[str]) -> None:
        """These are worked on now."""

    def done(self, row: Row) -> None:
        """One more is done."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be done, and where. `filters` are patterns of names, of which one has to match."""

    operation: Operation
    fleet: Fleet
    options: Options = field(default_factory=Options)
    filters: tuple[str, ...] = ()
    shard: Shard | None = None
    jobs: int = 1
    scheduler: str | None = None
    resume: bool = False
    tool: str = ""


def chosen(fleet: Fleet, filters: Sequence[str], shard: Shard | None) -> tuple[list[Entry], list[Row]]:
    """The entries and the refused rows that filters and shard leave; `Refused` when a filter matches nothing."""

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
    """Do it, and return the report, whose rows come in the order of their names.

    Raises:
        Refused: another run has the workspace, it cannot be written to, or no scheduler answers.
        Interrupted: the user ended the run; what is done is noted, for `resume`.
    """
    entries, refused = chosen(order.fleet, order.filters, order.shard)
    workspace = order.fleet.workspace.absolute()
    if order.shard is not None:
        # Shards on one machine have nothing in common, and so need not wait for each other.
        workspace = workspace / f"shard-{order.shard.number}-of-{order.shard.of}"
    tasks = {entry.name: Task(order.operation, entry, workspace, order.options) for entry in entries}
    with own_workspace(workspace):
        journal = Journal(workspace, order.operation, order.options, tasks)
        rows = journal.begin(resume=order.resume)
        watch.begin(len(tasks), len(rows))
        finished = False
        try:
            place = dask_place(order.scheduler) if order.scheduler else local_place(order.jobs)
            with place as where:
                going = _Going(order, tasks, rows, journal, watch, where)
                stopped = going.go()
            finished = True
        except KeyboardInterrupt as error:
            raise Interrupted(
                f"Interrupted: {len(rows)} of {len(tasks)} repositories are done, and all of them are whole.",
                "Go on with `--resume`.",
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


class _Going:
    def __init__(
        self, order: Run, tasks: dict[str, Task], rows: dict[str, Row], journal: Journal, watch: Watch, place: Place
    ) -> None:
        self.order, self.tasks, self.rows = order, tasks, rows
        self.journal, self.watch, self.place = journal, watch, place
        self.wave: list[Task] = []

    def go(self) -> str | None:
        """Do all waves; returns why it stopped before the end."""
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
            died = self._feed(waiting, self.place.room)
            if not died:
                continue
            self.place.renew()
            # One of them ended its process: each is tried once more, alone.
            for task in (task for batch in died for task in batch):
                if self._feed(deque([[task]]), lambda: 1):
                    self.place.renew()
                    self._note(_row(task, State.BROKEN, "the process that worked on it died, twice"))

    def _feed(self, waiting: deque[Sequence[Task]], room: Callable[[], int]) -> list[Sequence[Task]]:
        """Have batches done until none is left or a process died; returns the batches that died with it."""
        running: dict[Future[list[Row]], Sequence[Task]] = {}
        died: list[Sequence[Task]] = []
        try:
            while True:
                while waiting and not died and len(running) < room() and self._too_many() is None:
                    batch = waiting.popleft()
                    self.watch.working([task.entry.name for tasks in (*running.values(), batch) for task in tasks])
                    running[self.place.send(batch)] = batch
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
        """Note what a batch gave; False when it gave nothing."""
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
        """Why the rollout has to stop: too large a share of the wave fails.

        While the wave goes on, its whole size counts, so that nothing that is still to come could change the answer.
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
    """The tasks in batches, those with the same answers together; what builds or writes comes alone."""
    if any(task.operation in WRITING and not task.options.dry_run for task in tasks):
        yield from ([task] for task in tasks)
        return
    keyed = sorted(((_answers(task), task) for task in tasks), key=lambda pair: (pair[0], pair[1].entry.name))
    for _, group in groupby(keyed, key=lambda pair: pair[0]):
        alike = [task for _, task in group]
        yield from (alike[at : at + _BATCH] for at in range(0, len(alike), _BATCH))


def _answers(task: Task) -> str:
    """The same for projects with the same answers, as far as that is known before the work."""
    entry = task.entry
    if entry.path is not None:
        for name in [entry.answers_file] if entry.answers_file else USUAL:
            try:
                return sha256(read_bytes(entry.path / entry.folder / name, TEXT)).hexdigest()
            except OSError:
                continue
    return f"name {entry.name}"
