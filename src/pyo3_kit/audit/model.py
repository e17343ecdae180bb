"""The output of rules: findings with place, severity and fix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from pyo3_kit.texts.edits import Edit, Span

Version: TypeAlias = tuple[int, ...]
"""A PyO3 version as `(0, 28)` or `(0, 28, 3)`; shorter ones mean their first release."""


class Severity(str, Enum):
    """How much a finding matters."""

    ERROR = "error"
    """Crashes, aborts, unsoundness, or a build that is not what it says."""
    WARNING = "warning"
    """Costs time or memory that can be measured, or breaks under free-threading."""
    INFO = "info"
    """Worth knowing; often a matter of taste or of measurements."""

    @property
    def weight(self) -> int:
        """How severe it is; more is worse."""
        return (Severity.INFO, Severity.WARNING, Severity.ERROR).index(self)


class Confidence(str, Enum):
    """How often a finding of the rule is right."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Safety(str, Enum):
    """Whether a fix keeps what the program does; an unsafe one says in its note what changes."""

    SAFE = "safe"
    UNSAFE = "unsafe"


TomlChange: TypeAlias = Callable[[Any], None]
"""Changes a `tomlkit` document in place. What it cannot find it leaves alone."""


@dataclass(frozen=True, slots=True)
class Fix:
    """How to fix a finding in its file: edits of the text, or for TOML a change of the document.

    `note` says what the program does otherwise than before, in a sentence; an unsafe fix must have one.
    """

    edits: tuple[Edit, ...] = ()
    change: TomlChange | None = None
    safety: Safety = Safety.SAFE
    note: str = ""

    def __post_init__(self) -> None:
        if bool(self.edits) == bool(self.change):
            raise ValueError("a fix has either edits or a change")
        if self.safety is Safety.UNSAFE and not self.note:
            raise ValueError("an unsafe fix says what it changes")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found.

    `path` is relative to the project's root, with slashes. `message` says what is there, in a line without a full stop;
    `help` says the way out, as an order.
    """

    rule: str
    path: str
    span: Span
    message: str
    help: str
    severity: Severity = Severity.WARNING
    confidence: Confidence = Confidence.HIGH
    fix: Fix | None = field(default=None, compare=False)

    @property
    def place(self) -> tuple[str, Span, str]:
        """What findings are sorted by."""
        return (self.path, self.span, self.rule)


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """What could not be checked and why, in one line."""

    path: str
    text: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.text}"
