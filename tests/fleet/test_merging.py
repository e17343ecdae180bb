"""Several reports made one, and what is told of those that are missing."""

from __future__ import annotations

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.fleet.merging import merged
from pyo3_kit.fleet.model import Report, Row, State
from pyo3_kit.fleet.shards import Shard, shards_of

pytestmark = pytest.mark.slow


def test_one_of_several() -> None:
    one = Report("status", "f", (Row("b", "b", State.CURRENT), Row("c", "c", State.BEHIND)), made="2026-01-02")
    other = Report("status", "f", (Row("a", "a", State.GONE),), made="2026-01-03")
    both = merged([one, other])
    assert [row.name for row in both.rows] == ["a", "b", "c"]
    assert (both.made, both.shard) == ("2026-01-03", None)
    assert both.counts == {"current": 1, "behind": 1, "gone": 1}


@pytest.mark.parametrize(
    "other",
    [
        Report("update", "f", ()),
        Report("status", "g", ()),
        Report("status", "f", (Row("a", "a", State.CURRENT),)),
    ],
)
def test_reports_that_do_not_belong_together(other: Report) -> None:
    with pytest.raises(Refused):
        merged([Report("status", "f", (Row("a", "a", State.GONE),)), other])


def part(shard: str | None, *names: str, stopped: str | None = None) -> Report:
    return Report("update", "f", tuple(Row(name, name, State.UPDATED) for name in names), stopped, shard=shard)


def test_all_shards() -> None:
    whole = merged([part("2/2", "b"), part("1/2", "a")])
    assert (whole.stopped, whole.exit_code, len(whole.rows)) == (None, 0, 2)


def test_a_shard_without_a_report_is_told() -> None:
    whole = merged([part("1/4", "a"), part("3/4", "b", stopped="1 of 2 failed")])
    assert whole.stopped == "1 of 2 failed; missing reports of shards: 2/4, 4/4"
    assert merged([part("1/4", "a")]).exit_code == 1


def test_a_plan_tells_which_shards_are_empty() -> None:
    planned = [Shard(1, 4), Shard(3, 4)]
    assert merged([part("1/4", "a"), part("3/4", "b")], planned).stopped is None
    assert merged([part("1/4", "a")], planned).stopped == "missing reports of shards: 3/4"


def test_many_shards_are_not_all_named() -> None:
    stopped = merged([part("1/999999", "a")]).stopped
    assert stopped is not None
    assert stopped.endswith(", 9/999999 and 999990 more")


@pytest.mark.parametrize("other", ["2/3", None])
def test_shards_of_several_cuts(other: str | None) -> None:
    with pytest.raises(Refused, match="different splits of the fleet"):
        merged([part("1/2", "a"), part(other, "b")])


def test_a_plan_of_another_cut() -> None:
    with pytest.raises(Refused, match="different splits of the fleet"):
        merged([part("1/2", "a"), part("2/2", "b")], [Shard(1, 3)])


@pytest.mark.parametrize("value", [None, [], {}, {"include": 1}, {"include": [1]}, {"include": [{"shard": "x"}]}])
def test_refuse_what_is_not_a_plan(value: object) -> None:
    with pytest.raises(Refused, match=r"plan\.json is not a fleet plan"):
        shards_of(value, "plan.json")
