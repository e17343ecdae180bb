"""How a fleet's run is shown: what it is doing, in a terminal only, and its report as a table."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pyo3_kit.cli.output import paint, put, say
from pyo3_kit.fleet.model import Report, Row
from pyo3_kit.fleet.outcomes import one_line
from pyo3_kit.fleet.rollout import Watch

_WIDEST = 40


@contextmanager
def watching(operation: str) -> Iterator[Watch]:
    """Progress on stderr with what runs now and the time that is left; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield _Silent()
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
        yield _Live(progress)


class _Silent:
    def begin(self, total: int, done: int) -> None:
        """Say what is left out."""
        if done:
            say(f"{done} of {total} repositories are done already.")

    def working(self, names: Sequence[str]) -> None:
        """Nothing."""

    def done(self, row: Row) -> None:
        """Nothing."""


class _Live:
    def __init__(self, progress: Any) -> None:
        self._progress = progress
        self._bar: Any = None

    def begin(self, total: int, done: int) -> None:
        self._bar = self._progress.add_task("", total=total, completed=done, now="")

    def working(self, names: Sequence[str]) -> None:
        shown = one_line(", ".join(names[:3])) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        self._progress.update(self._bar, now=shown)

    def done(self, row: Row) -> None:
        self._progress.advance(self._bar)
        if not row.fine and row.state.value in ("failed", "unpushed", "broken", "gone"):
            self._progress.console.print(one_line(f"{row.name}: {row.state.value}: {row.reason}"), markup=False)


def put_table(report: Report) -> None:
    """Print the rows as a table on stdout, and the counts on stderr.

    Names, versions and messages come from repositories and files of others: none gets to the terminal as it is.
    """
    titles = _TITLES[report.operation]
    rows = [_cells(report.operation, row) for row in report.rows]
    widths = [
        min(_WIDEST, max(len(title), *(len(cells[at]) for cells in rows), 0)) if rows else len(title)
        for at, title in enumerate(titles)
    ]
    # The last column is as long as it is in a file, and as the terminal in one.
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for cells in ([title.upper() for title in titles], *rows):
        line = "  ".join(_fit(cell, width) for cell, width in zip(cells, widths, strict=True)) + "  "
        reason = cells[-1]
        line = line[: -len(_fit(reason, widths[-1])) - 2] + reason if reason else line
        put(line.rstrip() if not room or len(line) <= room else f"{line[: room - 1]}…")
    hints = {row.name: row.hint for row in report.rows if row.hint and not row.fine}
    for name, hint in list(hints.items())[:20]:
        say(f"{paint('hint:', '1;36')} {one_line(f'{name}: {hint}')}")
    for row in report.rows:
        for warning in row.warnings:
            say(f"{paint('warning:', '1;33')} {one_line(f'{row.name}: {warning}')}")
    counted = ", ".join(f"{number} {word}" for word, number in report.counts.items())
    say(f"{len(report.rows)} repositories: {counted or 'none'}.")
    if report.stopped:
        say(f"{paint('stopped:', '1;31')} {one_line(report.stopped)}.")


_TITLES = {
    "status": ("repository", "state", "version", "behind", "drift", "findings", "pyo3", "advisories", "updated", "why"),
    "update": ("repository", "state", "version", "newest", "files", "commit", "why"),
    "adopt": ("repository", "state", "newest", "files", "commit", "why"),
    "check": ("repository", "state", "pyo3", "findings", "rules", "why"),
}


def _cells(operation: str, row: Row) -> list[str]:
    drift = "" if row.drift is None else str(row.drift.drifted + row.drift.stale + row.drift.missing)
    found = row.findings
    findings = "" if found is None else f"{found.error}/{found.warning}/{found.info}"
    every = {
        "repository": row.name,
        "state": row.state.value,
        "version": row.version or "",
        "newest": row.newest or "",
        "behind": "?" if row.version and row.behind is None else str(row.behind or 0) if row.version else "",
        "drift": drift,
        "findings": findings,
        "pyo3": row.pyo3 or "",
        "advisories": str(len(row.advisories)) if row.pyo3 else "",
        "updated": row.updated or "",
        "files": "" if row.changes is None else str(row.changes),
        "commit": (row.commit or "")[:10],
        "rules": ", ".join(f"{name} {number}" for name, number in (row.rules or {}).items()),
        "why": row.request or row.reason,
    }
    return [one_line(every[title]) for title in _TITLES[operation]]


def _fit(text: str, width: int) -> str:
    return f"{text:<{width}}" if len(text) <= width else f"{text[: width - 1]}…"
