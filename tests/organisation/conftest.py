"""What the tests of an organisation's presets share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.organisation.acme import TEXT, Run
from tests.support.command import run_kit


@pytest.fixture
def kit(tmp_path: Path) -> Run:
    """Run `pyo3-kit` beside the file `acme.toml`."""
    (tmp_path / "acme.toml").write_text(TEXT)
    return lambda *words, **options: run_kit(*words, **{"folder": tmp_path, **options})
