"""The fleet that the tests of this folder share: built once, put back to its beginning for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fleet.small import Small
from tests.fleet.world import World, build, fixed_dates, restore
from tests.update.templates import FIRST, SECOND, Project, Template


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """The fleet, and a copy of it as it is at the beginning."""
    folder = tmp_path_factory.mktemp("fleet")
    world = build(folder / "world", folder / "template")
    shutil.copytree(world.root, folder / "saved", symlinks=True)
    return world, folder / "saved"


@pytest.fixture
def world(built: tuple[World, Path]) -> Iterator[World]:
    """The fleet at its beginning, at the same place for every test."""
    made, saved = built
    restore(saved, made.root)
    with fixed_dates():
        yield made


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of a small template that has a newer version; not to be changed by a test."""
    folder = tmp_path_factory.mktemp("shop")
    template = Template(folder / "template").release("v1.0.0", FIRST)
    project = template.project(folder / "project")
    template.release("v2.0.0", SECOND)
    return project


@pytest.fixture
def small(shop: Project, tmp_path: Path) -> Small:
    """A fleet without repositories yet."""
    return Small(tmp_path / "small", shop)
