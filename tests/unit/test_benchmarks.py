"""What a benchmark changes in the template is there to be changed."""

from __future__ import annotations

import pytest

from benchmarks.update import CHANGED
from tests.support.template import ROOT


@pytest.mark.parametrize("name", CHANGED)
def test_a_file_that_a_version_changes_is_there(name: str) -> None:
    assert (ROOT / "template" / name).is_file()
