"""A template with two versions, a project of its first, and traps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.security.bounded import Bounded, bounded_by
from tests.support.forks import Forks
from tests.support.hostile import HostileProject, Traps
from tests.update.conftest import made, shop

__all__ = ["made", "shop"]


@pytest.fixture(scope="session")
def bounded(forks: Forks) -> Bounded:
    """Run `pyo3-kit` with a limit of memory and of time."""
    return bounded_by(forks)


@pytest.fixture
def traps(tmp_path: Path) -> Traps:
    return Traps(tmp_path / "traps")


@pytest.fixture
def hostile(made: object, tmp_path: Path, traps: Traps) -> HostileProject:
    from tests.update.templates import Project

    assert isinstance(made, Project)
    return HostileProject(made, tmp_path / "hostile", traps)
