"""The template's sources stay readable: little Jinja in the files that people read most."""

from __future__ import annotations

import pytest

from tests.support.template import ROOT

MOST = 0.2
FILES = (
    "README.md.jinja",
    "pyproject.toml.jinja",
    ".github/workflows/ci.yml.jinja",
    "{{ crate_dir }}/Cargo.toml.jinja",
    "{{ crate_dir }}/src/lib.rs.jinja",
    "{{ workspace_dir }}/Cargo.toml.jinja",
)


@pytest.mark.parametrize("name", FILES)
def test_few_lines_are_statements_of_jinja(name: str) -> None:
    lines = (ROOT / "template" / name).read_text(encoding="utf-8").splitlines()
    statements = [line for line in lines if "{%" in line]
    assert len(statements) <= MOST * len(lines), f"{len(statements)} of {len(lines)} lines: move them to extensions/"
