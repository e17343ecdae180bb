"""The data of a fleet run: repositories and tasks go in, one row per repository and a report come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, TypedDict

from pyo3_kit.errors import DONE, FOUND, KitError
from pyo3_kit.template.trust import Trust

FORMAT = 1
"""The version of the JSON format, increased if readers of the old form would misunderstand the new one."""


class State(str, Enum):
    """The outcome of a run for a repository; the value appears in output and JSON."""

    CURRENT = "current"
    """Nothing to do."""
    BEHIND = "behind"
    """Its template has a newer version."""
    DRIFTED = "drifted"
    """Managed files differ from what its version renders."""
    UNFINISHED = "unfinished"
    """An earlier update is unfinished."""
    FOUND = "found"
    """A check has findings."""
    WOULD_UPDATE = "would update"
    """A dry run: the update has no conflict."""
    UPDATED = "updated"
    """The update is committed on its branch, and pushed if possible."""
    ADOPTED = "adopted"
    """The adoption is committed on its branch."""
    MERGED = "merged"
    """The main branch already contains this update."""
    UNREQUESTED = "unrequested"
    """The branch is pushed, but the pull request could not be opened."""
    UNPUSHED = "unpushed"
    """The remote rejected the commit, which stays in the workspace."""
    CONFLICTS = "conflicts"
    """The update has conflicts; it is only pushed on request."""
    FAILED = "failed"
    """The build or the tests fail with the update; it is not pushed."""
    DIRTY = "dirty"
    """It has uncommitted changes."""
    FOREIGN = "foreign"
    """Not created by Copier."""
    GONE = "gone"
    """The folder does not exist, or the remote cannot be reached."""
    BROKEN = "broken"
    """It cannot be read: a damaged repository or answers file, or an unavailable template."""
    REFUSED = "refused"
    """Its entry in the fleet file is invalid or a duplicate."""
    SKIPPED = "skipped"
    """The rollout stopped before its turn."""


FINE = frozenset({State.CURRENT, State.UPDATED, State.ADOPTED, State.MERGED, State.WOULD_UPDATE})
"""States that need no attention."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The number of files that differ from what the recorded version renders, by kind (see `pyo3-kit status`)."""

    customised: int = 0
    drifted: int = 0
    stale: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Findings:
    """The number of findings of `pyo3-kit check`, by severity."""

    error: int = 0
    warning: int = 0
    info: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One repository of the fleet. None means not determined, or not applicable.

    `name` is unique in the fleet, `source` a path or an address without credentials. `reason` is one clause, `hint`
    what to do. `version` is the recorded one, `newest` the target, `behind` the number of releases between
    them (None: unknown). `findings` are counted by severity, `rules` by rule. `pyo3` is the line, e.g.
    `0.29`, `advisories` are RustSec ids that affect the version. `updated` is the date (ISO) of the last commit of
    the answers file. For an update: its `branch` and `commit`, whether it is `pushed`, the `request` (address of the
    pull request), the paths with `conflicts`, the number of files it `changes`, and whether it was `verified` (with any
    outcome). `seconds` is ignored when rows are compared.
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
        """Whether the repository needs no attention."""
        return self.state in FINE

    def as_object(self) -> dict[str, Any]:
        """The row as a JSON object."""
        return {**asdict(self), "state": self.state.value, "seconds": round(self.seconds, 3)}


class ReportOutput(TypedDict):
    """What the commands of `fleet` print, except `plan`."""

    format: int
    """Always 1; use `schema_version`."""
    operation: str
    """The command."""
    fleet: str
    tool: str
    """The version of pyo3-kit."""
    made: str
    """When the run ended (ISO, UTC)."""
    shard: str | None
    stopped: str | None
    """Why the rollout was stopped, or which shards a merged report lacks."""
    counts: Annotated[dict[str, int], State]
    rows: list[Annotated[dict[str, Any], Row]]


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run: `operation` is the command, `rows` are sorted by name.

    `fleet` is the fleet's name, `made` when the run ended (ISO, UTC), `tool` the version of pyo3-kit, `shard` which
    part this is (`2/4`, None for all), `stopped` why a rollout was stopped, or which shards a merged report lacks.
    Fields that differ between two runs with the same outcome are ignored when reports are compared.
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
        """The number of repositories by state, in the order of `State`."""
        counted = Counter(row.state for row in self.rows)
        return {state.value: counted[state] for state in State if counted[state]}

    @property
    def exit_code(self) -> int:
        """0 if no repository needs attention, else 1."""
        return DONE if self.stopped is None and all(row.fine for row in self.rows) else FOUND

    def as_object(self) -> ReportOutput:
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

    `remote` is the address or absolute path for Git, `path` the path if it is one. `folder` is the
    project's folder in the repository, empty for the root. `base` is the branch to start from (None: the one checked
    out there), `branch` the one for updates. `request` is the client that opens pull requests.
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
    """The operation on each repository; the value is the command's name."""

    STATUS = "status"
    UPDATE = "update"
    CHECK = "check"
    ADOPT = "adopt"


WRITING = (Operation.UPDATE, Operation.ADOPT)
"""The operations that commit to a branch, unless it is a dry run."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options. `select` and `ignore` are rules for `check`, `only` and `without` groups for `adopt`.

    `trust` are the templates that repositories may name. All others are for updates and adoptions.
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
    """The work on a repository ended in this state, for this reason."""

    def __init__(self, state: State, reason: str, hint: str = "") -> None:
        super().__init__(reason, hint)
        self.state = state
