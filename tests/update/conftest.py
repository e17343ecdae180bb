"""Fixtures that the tests of updates share: one small template with two versions, and a project of its first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.update.templates import FIRST, SECOND, Project, Template


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A template with the versions v1.0.0 and v2.0.0; not to be changed by a test."""
    root = tmp_path_factory.mktemp("shop") / "template"
    return Template(root).release("v1.0.0", FIRST).release("v2.0.0", SECOND)


@pytest.fixture(scope="session")
def made(shop: Template, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of v1.0.0, committed; not to be changed by a test."""
    return shop.project(tmp_path_factory.mktemp("made") / "project")


@pytest.fixture
def project(made: Project, tmp_path: Path) -> Project:
    """A project of v1.0.0 for one test, at `project` in its folder."""
    return made.copy(tmp_path / "project")


@pytest.fixture
def template(tmp_path: Path) -> Template:
    """A template for one test, at its first version."""
    return Template(tmp_path / "template").release("v1.0.0", FIRST)
