"""What a run has done so far, a line for each repository, so that a run that was ended can be gone on with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.fleet.model import FORMAT, Row, row_from_object
from pyo3_kit.fleet.tasks import Task

_NAME = "journal.jsonl"


class Journal:
    """The journal of a run in its workspace. A line that was not written to its end does not count."""

    def __init__(self, workspace: Path, tasks: Mapping[str, Task]) -> None:
        self._path = workspace / _NAME
        self._keys = {name: _key(task) for name, task in tasks.items()}
        self._file: IO[str] | None = None

    def begin(self, *, resume: bool) -> dict[str, Row]:
        """Start the journal, and return the rows of what an ended run has done already, by name.

        Only those count whose task is the same now. Without `resume` none do. `Refused` when it cannot be written.
        """
        rows = self._read() if resume else {}
        try:
            self._file = self._path.open("w", encoding="utf-8")
            for row in rows.values():
                self.add(row)
        except OSError as error:
            raise from_os_error(error, "writing the fleet's journal") from error
        return rows

    def add(self, row: Row) -> None:
        """Note that a repository is done."""
        assert self._file is not None
        line = {"format": FORMAT, "task": self._keys[row.name], "row": row.as_object()}
        try:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
        except OSError as error:
            raise from_os_error(error, "writing the fleet's journal") from error

    def close(self, *, done: bool) -> None:
        """End it; a run that is `done` needs no journal."""
        if self._file is not None:
            self._file.close()
        if done:
            self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, Row]:
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"The journal {self._path} cannot be read: {error}.", "Leave out `--resume`.") from error
        rows = {}
        for line in lines:
            try:
                noted: dict[str, Any] = json.loads(line)
                row = row_from_object(noted["row"])
                if noted["format"] == FORMAT and noted["task"] == self._keys.get(row.name):
                    rows[row.name] = row
            except (ValueError, KeyError, TypeError):
                continue
        return rows


def _key(task: Task) -> str:
    """The same for the same task."""
    return sha256(json.dumps(asdict(task), sort_keys=True, default=str).encode()).hexdigest()[:20]
