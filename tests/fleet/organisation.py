"""A small organisation on disk: a fleet file and a few projects of the template's first release."""

from __future__ import annotations

from pathlib import Path

from pyo3_kit.template.releases import releases
from tests.support.history import commit_all, render_release

SMALL = {"starter": "minimal", "ci": "none", "benchmarks": False, "stubs": False}
NAMES = ("one", "two", "three")


def found(root: Path) -> Path:
    """Make the organisation in a folder; returns the folder."""
    for name in NAMES:
        commit_all(render_release(releases()[0], root / name, {**SMALL, "project_name": name}))
    tables = "".join(f'\n[[repository]]\npath = "{name}"\n' for name in NAMES)
    (root / "fleet.toml").write_text(f'name = "organisation"\n{tables}', encoding="utf-8")
    return root
