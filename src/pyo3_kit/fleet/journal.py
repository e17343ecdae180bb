"""The journal of a run, with a line for each repository, so that an interrupted run can be resumed.

Each operation and each dry run has its own journal, so that reading does not affect a rollout. Lines
about repositories that are not in the current run are kept, because that run may still be resumed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from hashlib import sha256
from io import RawIOBase
from pathlib import Path
from typing import Any

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.fleet.model import FORMAT, Operation, Options, Row, State, Task
from pyo3_kit.fleet.reports import row_from_object
from pyo3_kit.system.own_files import append_to
from pyo3_kit.system.reading import CONTENT, read_text
from pyo3_kit.system.writing import Root
from pyo3_kit.template.trust import Trust
from pyo3_kit.texts.bounds import load_json

_AGAIN = frozenset(
    {
        State.BROKEN,
        State.DIRTY,
        State.FOREIGN,
        State.GONE,
        State.REFUSED,
        State.SKIPPED,
        State.UNFINISHED,
        State.UNPUSHED,
        State.UNREQUESTED,
    }
)
"""States that may have been fixed since: the repository is tried again."""


class Journal:
    """The journal of a run in its workspace. Incomplete lines are ignored."""

    def __init__(self, workspace: Path, operation: Operation, options: Options, tasks: Mapping[str, Task]) -> None:
        kind = f"{operation.value}-dry-run" if options.dry_run else operation.value
        self._path = workspace / f"journal-{kind}.jsonl"
        self._keys = {name: _key(task) for name, task in tasks.items()}
        self._options = options
        self._file: RawIOBase | None = None

    def begin(self, *, resume: bool) -> dict[str, Row]:
        """Start the journal, and return the rows that an interrupted run has completed, by name.

        Only rows with the same task and an outcome that cannot have changed since are returned. Without
        `resume` there are none. Raises `Refused` if it cannot be read or written.
        """
        others, own = self._read()
        rows = own if resume else {}
        try:
            self._write([*others, *map(self._line, rows.values())])
            self._file = append_to(self._path)
        except OSError as error:
            raise from_os_error(error, "writing the fleet's journal") from error
        return rows

    def add(self, row: Row) -> None:
        """Record a completed repository."""
        assert self._file is not None
        try:
            rest = f"{self._line(row)}\n".encode()
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        except OSError as error:
            raise from_os_error(error, "writing the fleet's journal") from error

    def close(self, *, done: bool) -> None:
        """Close the journal; remove the lines of a run that is `done`."""
        if self._file is not None:
            self._file.close()
        if done:
            try:
                self._write(self._read()[0])
            except OSError as error:
                raise from_os_error(error, "writing the fleet's journal") from error

    def _line(self, row: Row) -> str:
        return json.dumps({"format": FORMAT, "task": self._keys[row.name], "row": row.as_object()})

    def _write(self, lines: Iterable[str]) -> None:
        """Rewrite it with one rename; without lines, remove it."""
        text = "".join(f"{line}\n" for line in lines)
        if not text:
            with Root(self._path.parent) as root, suppress(FileNotFoundError):
                root.remove(self._path.name)
            return
        with Root(self._path.parent) as root:
            root.write(self._path.name, text.encode())

    def _read(self) -> tuple[list[str], dict[str, Row]]:
        """The lines about repositories of other runs, and the rows of this run, by name."""
        try:
            lines = read_text(self._path, CONTENT, errors="replace").splitlines()
        except FileNotFoundError:
            return [], {}
        except OSError as error:
            raise Refused(f"The journal {self._path} cannot be read: {error}.", "Remove it.") from error
        others, rows = [], {}
        for line in lines:
            try:
                noted: dict[str, Any] = load_json(line)
                row = row_from_object(noted["row"])
                if noted["format"] != FORMAT:
                    continue
                if row.name not in self._keys:
                    others.append(line)
                elif noted["task"] == self._keys[row.name] and self._is_done(row):
                    rows[row.name] = row
            except (ValueError, KeyError, TypeError):
                continue
        return others, rows

    def _is_done(self, row: Row) -> bool:
        return row.state not in _AGAIN or (row.state is State.UNPUSHED and not self._options.push)


def _key(task: Task) -> str:
    """A key that identifies the task; which templates are trusted only decides whether it is done."""
    task = replace(task, options=replace(task.options, trust=Trust()))
    return sha256(json.dumps(asdict(task), sort_keys=True, default=str).encode()).hexdigest()[:20]
