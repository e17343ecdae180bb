"""The trust model names files and tests that exist, and is linked from where a reader looks for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/trust.md").read_text()
BORDERS = [line for line in PAGE.splitlines() if line.startswith("|") and "tests/" in line]


def test_there_are_borders() -> None:
    assert len(BORDERS) >= 9


@pytest.mark.parametrize("row", BORDERS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_its_files_exist(row: str) -> None:
    _, _, places, tests, _ = row.split("|")
    for place in re.findall("`([^`]+)`", places):
        assert (ROOT / "src/pyo3_kit" / place).exists(), place
    for test in re.findall("`([^`]+)`", tests):
        assert (ROOT / test).exists() or (ROOT / "tests/security" / test).exists(), test


def test_it_is_linked() -> None:
    assert "explanation/trust.md" in (ROOT / "docs/index.md").read_text()
    assert "docs/explanation/trust.md" in (ROOT / "SECURITY.md").read_text()
