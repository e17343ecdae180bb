"""Every project of the list can be had: the file that was judged, on the PyO3 line that the list says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.audit.project import read_project
from pyo3_kit.audit.walk import collect
from pyo3_kit.texts.toml import parse_toml
from tests.field.support import Published, params, published, unpacked

pytestmark = pytest.mark.field


@pytest.mark.parametrize("project", params())
def test_the_project_is_what_the_list_says(project: Published, tmp_path: Path) -> None:
    root = unpacked(project, tmp_path)
    assert (root / "PKG-INFO").is_file()
    assert (root / project.crate / "Cargo.toml").is_file()
    files = collect(root)
    facts, _ = read_project(files.others)
    if facts.crates:
        assert facts.pyo3_version[:2] == project.line
    else:
        # On the C interface alone; the rules have nothing to say about it.
        assert parse_toml((root / "Cargo.toml").read_text())["dependencies"]["pyo3-ffi"]["version"] == project.pyo3


@pytest.mark.part
def test_the_list_names_enough_projects_and_lines() -> None:
    assert len({one.name for one in published()}) >= 14
    assert len({one.line for one in published()}) >= 6
    assert len({(one.name, one.version) for one in published()}) == len(published())
