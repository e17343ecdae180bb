"""What a run over a fleet prints: its progress, in a terminal only, and its report as a table."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pyo3_kit.cli.terminal import count, label, put, say
from pyo3_kit.fleet.model import Report, Row
from pyo3_kit.fleet.outcomes import one_line
from pyo3_kit.fleet.rollout import Watch
from pyo3_kit.fleet.table import table_lines

_MOST_HINTS = 20


@contextmanager
def watching(operation: str) -> Iterator[Watch]:
    """Progress on stderr, with what runs now and the time left; nothing if stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield _Watch()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False)
    columns = (
        TextColumn(operation, markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[now]}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Watch(progress)


class _Watch:
    def __init__(self, progress: Any = None) -> None:
        self._progress = progress
        self._bar: Any = None

    def begin(self, total: int, done: int) -> None:
        if self._progress is not None:
            self._bar = self._progress.add_task("", total=total, completed=done, now="")
        elif done:
            say(f"{done} of {count(total, 'repository', 'repositories')} are already done.")

    def working(self, names: Sequence[str]) -> None:
        if self._progress is not None:
            shown = one_line(", ".join(names[:3])) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
            # At once: with short work the next name comes before the next frame.
            self._progress.update(self._bar, now=shown, refresh=True)

    def done(self, row: Row) -> None:
        if self._progress is not None:
            self._progress.advance(self._bar)
            if not row.fine and row.state.value in ("failed", "unpushed", "broken", "gone"):
                self._progress.console.print(one_line(f"{row.name}: {row.state.value}: {row.reason}"), markup=False)


def put_table(report: Report) -> None:
    """Print the rows as a table on stdout, and the counts on stderr.

    Names, versions and messages come from other people's repositories and files: none is printed as it is.
    """
    # A terminal cuts off the last column; a file gets all of it.
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for line in table_lines(report):
        put(line if not room or len(line) <= room else f"{line[: room - 1]}…")
    hints = {row.name: row.hint for row in report.rows if row.hint and not row.fine}
    for name, text in list(hints.items())[:_MOST_HINTS]:
        label("hint:", one_line(f"{name}: {text}"))
    for row in report.rows:
        for warning in row.warnings:
            label("warning:", one_line(f"{row.name}: {warning}"))
    states = ", ".join(f"{number} {state}" for state, number in report.counts.items())
    say(f"{count(len(report.rows), 'repository', 'repositories')}: {states or 'none'}.")
    if report.stopped:
        label("stopped:", f"{one_line(report.stopped)}.")
