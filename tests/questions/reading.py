"""What the tests read of a rendered project."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def toml(project: Path, name: str = "pyproject.toml") -> dict[str, Any]:
    """A TOML file of the project."""
    return tomllib.loads(text(project, name))


def metadata(project: Path) -> dict[str, Any]:
    """The table `[project]` of pyproject.toml."""
    table: dict[str, Any] = toml(project)["project"]
    return table


def dependencies(project: Path, crate: str = ".") -> dict[str, Any]:
    """What a crate of the project depends on."""
    table: dict[str, Any] = toml(project, f"{crate}/Cargo.toml")["dependencies"]
    return table


def features(project: Path) -> list[str]:
    """The features of PyO3 that the project chooses."""
    pyo3 = dependencies(project)["pyo3"]
    return [] if isinstance(pyo3, str) else list(pyo3["features"])


def text(project: Path, name: str) -> str:
    """A file of the project as it stands."""
    return (project / name).read_text(encoding="utf-8")


def recorded(project: Path) -> dict[str, Any]:
    """The answers that the project remembers for its next update."""
    answers: dict[str, Any] = yaml.safe_load(text(project, ".copier-answers.yml"))
    return answers


def present(project: Path, *names: str) -> set[str]:
    """Those of `names` that the project has, files and folders alike."""
    return {name for name in names if (project / name).exists()}
