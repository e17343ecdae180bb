"""A template with two versions, a project of its first, and traps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.hostile import HostileProject, Traps
from tests.update.conftest import made, shop

__all__ = ["made", "shop"]


@pytest.fixture
def traps(tmp_path: Path) -> Traps:
    return Traps(tmp_path / "traps")


@pytest.fixture
def hostile(made: object, tmp_path: Path, traps: Traps) -> HostileProject:
    from tests.update.templates import Project

    assert isinstance(made, Project)
    return HostileProject(made, tmp_path / "hostile", traps)
