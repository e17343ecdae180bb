"""Projects on the disk, and sessions over them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pyo3_kit.audit.engine import CheckRequest, Report, Session
from tests.audit.support import project

RULES = ("PYO021", "PYO081", "PYO121")
CLASS = "#[pyclass]\nstruct A;\n"
FROZEN = "#[pyclass(frozen)]\nstruct A;\n"


def lay_out(root: Path, texts: Mapping[str, str | bytes] | None = None) -> Path:
    """A project with these files besides Cargo.toml and pyproject.toml."""
    given = texts or {}
    plain = {path: text for path, text in given.items() if isinstance(text, str)}
    raw = {path: data for path, data in given.items() if isinstance(data, bytes)}
    encoded = {path: text.encode() for path, text in project(plain).items()}
    for path, data in {**encoded, **raw}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return root


def session(path: Path, *, select: tuple[str, ...] | None = RULES, processes: int | None = None) -> Session:
    """A session with rules that do not change when others come."""
    return Session(CheckRequest(path, select=select, processes=processes))


def report(path: Path, *, select: tuple[str, ...] | None = RULES) -> Report:
    """What a run says."""
    return session(path, select=select).check()


def told(path: Path, *, select: tuple[str, ...] | None = RULES) -> list[tuple[str, str]]:
    """Path and rule of each finding."""
    return [(one.path, one.rule) for one in report(path, select=select).findings]


def notices(path: Path) -> list[str]:
    """The notices of a run, as lines."""
    return [str(one) for one in report(path).notices]
