"""Fixtures that the tests of overlays share: a small template with two versions, and an overlay with two."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.overlays.templates import BELOW_FIRST, BELOW_SECOND, OVERLAY_FIRST, OVERLAY_SECOND, first_overlay
from tests.update.templates import Project, Template


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A template with the versions v1.0.0 and v2.0.0; not to be changed by a test."""
    root = tmp_path_factory.mktemp("shop") / "template"
    return Template(root).release("v1.0.0", BELOW_FIRST).release("v2.0.0", BELOW_SECOND)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The overlay `acme` with the versions v1.0.0 and v2.0.0; not to be changed by a test."""
    root = tmp_path_factory.mktemp("house") / "overlay"
    return Template(root).release("v1.0.0", OVERLAY_FIRST).release("v2.0.0", OVERLAY_SECOND)


@pytest.fixture(scope="session")
def made(shop: Template, house: Template, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of both templates at v1.0.0, committed; not to be changed by a test."""
    return shop.project(tmp_path_factory.mktemp("made") / "project", overlays=[f"{house.root}@v1.0.0"])


@pytest.fixture
def project(made: Project, tmp_path: Path) -> Project:
    """A project of both templates at v1.0.0 for one test, at `project` in its folder."""
    return made.copy(tmp_path / "project")


@pytest.fixture
def overlay(tmp_path: Path) -> Template:
    """The overlay `acme` at its first version for one test, at `overlay` in its folder."""
    return first_overlay(tmp_path / "overlay")


@pytest.fixture
def template(tmp_path: Path) -> Template:
    """The template below at its first version for one test, at `template` in its folder."""
    return Template(tmp_path / "template").release("v1.0.0", BELOW_FIRST)
