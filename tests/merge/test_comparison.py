"""The same cases given to `copier update`: ours is in no respect worse."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.merge.cases import all_cases
from tests.merge.engines import by_copier
from tests.merge.judging import counts, judge, of_ours, table


@pytest.mark.slow
def test_ours_is_not_worse_than_copier_update(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = all_cases()
    made = by_copier(cases, tmp_path)
    verdicts = {
        "copier update": [judge(case, made[case.name]) for case in cases],
        "pyo3-kit": [judge(case, of_ours(case)) for case in cases],
    }
    with capsys.disabled():
        sys.stdout.write(f"\n{table(verdicts)}\n")
    theirs, ours = (counts(verdicts[engine]) for engine in ("copier update", "pyo3-kit"))
    assert ours["right"] > theirs["right"]
    assert all(ours[flaw] <= theirs[flaw] for flaw in ours if flaw != "right"), (ours, theirs)
