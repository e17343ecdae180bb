"""The data of a fleet run: repositories and tasks go in, one row per repository and a report come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from pyo3_kit.errors import DONE, FOUND, KitError
from pyo3_kit.template.trust import Trust

FORMAT = 1
"""Of the JSON object; grows when a reader of the old form would misunderstand the new one."""


class State(str, Enum):
    """How a repository came out of a run; the value is the word that people and programs read."""

    CURRENT = "current"
    """Nothing is to be done."""
    BEHIND = "behind"
    """Its template has a newer version."""
    DRIFTED = "drifted"
    """Files differ from what its own version renders, more than by what is the user's to change."""
    UNFINISHED = "unfinished"
    """An earlier update of it is not over."""
    FOUND = "found"
    """A check found something."""
    WOULD_UPDATE = "would update"
    """A dry run: the update has no conflict."""
    UPDATED = "updated"
    """The update is committed on its branch, and pushed where there is where to."""
    ADOPTED = "adopted"
    """The project has an answers file now, committed on its branch."""
    MERGED = "merged"
    """The branch of this update is part of the main branch already."""
    UNREQUESTED = "unrequested"
    """The branch is pushed, and the pull request for it could not be opened."""
    UNPUSHED = "unpushed"
    """The commit is made, and the remote did not take it: it stays in the workspace."""
    CONFLICTS = "conflicts"
    """The update leaves something for a person; it was not pushed unless that was asked for."""
    FAILED = "failed"
    """The update was made, and its build or tests fail; it was not pushed."""
    DIRTY = "dirty"
    """There is work in it that is not committed."""
    FOREIGN = "foreign"
    """No project that Copier made."""
    GONE = "gone"
    """Neither a folder nor a remote that can be reached."""
    BROKEN = "broken"
    """It is there and cannot be read: a damaged repository or answers file, a template that is not to be had."""
    REFUSED = "refused"
    """What the fleet file says of it is not allowed, or said twice."""
    SKIPPED = "skipped"
    """The rollout stopped before its turn."""


FINE = frozenset({State.CURRENT, State.UPDATED, State.ADOPTED, State.MERGED, State.WOULD_UPDATE})
"""What leaves nothing for a person."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How many files differ from what the recorded version renders, by kind (see `pyo3-kit status`)."""

    customised: int = 0
    drifted: int = 0
    stale: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Findings:
    """How many findings of `pyo3-kit check` there are, by severity."""

    error: int = 0
    warning: int = 0
    info: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One repository of the fleet. What is None was not looked at, or does not apply.

    `name` is unique in the fleet, `source` a path or an address without credentials. `reason` is one clause, `hint`
    what to do. `version` is the recorded one, `newest` that to go to, `behind` the number of released versions between
    them (None: it cannot be counted). `findings` are counted by severity, `rules` by rule. `pyo3` is the line as
    `0.29`, `advisories` are RustSec's ids that concern the version. `updated` is the day (ISO) of the last commit of
    the answers file. Of an update: its `branch` and `commit`, whether it is `pushed`, the `request` (address of the
    pull request), the `conflicts` by path, how many files it `changes`, and whether it was `verified` (with any
    outcome). `seconds` does not count when rows are compared.
    """

    name: str
    source: str
    state: State
    reason: str = ""
    hint: str = ""
    wave: int = 1
    template: str | None = None
    version: str | None = None
    newest: str | None = None
    behind: int | None = None
    drift: Drift | None = None
    findings: Findings | None = None
    rules: Mapping[str, int] | None = None
    pyo3: str | None = None
    advisories: tuple[str, ...] = ()
    updated: str | None = None
    branch: str | None = None
    commit: str | None = None
    pushed: bool = False
    verified: bool = False
    request: str | None = None
    changes: int | None = None
    conflicts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)

    @property
    def fine(self) -> bool:
        """Whether nothing is left for a person."""
        return self.state in FINE

    def as_object(self) -> dict[str, Any]:
        """The row as a JSON object."""
        return {**asdict(self), "state": self.state.value, "seconds": round(self.seconds, 3)}


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did: `operation` is the command's word, `rows` come in the order of their names.

    `fleet` is the fleet's name, `made` when the run ended (ISO, UTC), `tool` the version of pyo3-kit, `shard` which
    part this is (`2/4`, None for all), `stopped` why a rollout was stopped, or which shards a merged report is without.
    What differs between two runs with the same outcome does not count when reports are compared.
    """

    operation: str
    fleet: str
    rows: tuple[Row, ...]
    stopped: str | None = None
    tool: str = field(default="", compare=False)
    made: str = field(default="", compare=False)
    shard: str | None = field(default=None, compare=False)

    @property
    def counts(self) -> dict[str, int]:
        """The number of repositories in each state that occurs, in the order of `State`."""
        counted = Counter(row.state for row in self.rows)
        return {state.value: counted[state] for state in State if counted[state]}

    @property
    def exit_code(self) -> int:
        """0 when nothing is left for a person, else 1."""
        return DONE if self.stopped is None and all(row.fine for row in self.rows) else FOUND

    def as_object(self) -> dict[str, Any]:
        """The report as a JSON object, from which `report_from_object` makes it again."""
        return {
            "format": FORMAT,
            "operation": self.operation,
            "fleet": self.fleet,
            "tool": self.tool,
            "made": self.made,
            "shard": self.shard,
            "stopped": self.stopped,
            "counts": self.counts,
            "rows": [row.as_object() for row in self.rows],
        }


BRANCH = "pyo3-kit/update"


@dataclass(frozen=True, slots=True)
class Entry:
    """One repository of a fleet.

    `remote` is the address or the absolute path that Git takes, `path` that path where it is one. `folder` is where the
    project lies in the repository, empty for its top. `base` is the branch to start from (None: the one that is checked
    out there), `branch` the one that updates are put on. `request` is the client that opens pull requests.
    """

    name: str
    source: str
    remote: str
    path: Path | None
    folder: str = ""
    answers_file: str | None = None
    base: str | None = None
    branch: str = BRANCH
    to: str | None = None
    reviewers: tuple[str, ...] = ()
    request: str | None = None
    wave: int = 1


class Operation(str, Enum):
    """What is done to each repository; the value is the command's word."""

    STATUS = "status"
    UPDATE = "update"
    CHECK = "check"
    ADOPT = "adopt"


WRITING = (Operation.UPDATE, Operation.ADOPT)
"""What puts a commit on a branch, unless it is a dry run."""


@dataclass(frozen=True, slots=True)
class Options:
    """How it is done. `select` and `ignore` are rules for `check`, `only` and `without` groups for `adopt`.

    `trust` are the templates that the repositories may name. All others are about an update, or an adoption.
    """

    dry_run: bool = False
    verify: bool = False
    push: bool = True
    push_conflicts: bool = False
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    trust: Trust = field(default_factory=lambda: Trust(strict=True))


@dataclass(frozen=True, slots=True)
class Task:
    """An operation on one repository, as plain data."""

    operation: Operation
    entry: Entry
    workspace: Path
    options: Options = field(default_factory=Options)


class Ended(KitError):  # noqa: N818 (said as it is raised)
    """The work on a repository is over, in this state and for this reason."""

    def __init__(self, state: State, reason: str, hint: str = "") -> None:
        super().__init__(reason, hint)
        self.state = state
