"""Reports: to JSON and back, and several made one."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyo3_kit.errors import Refused
from pyo3_kit.fleet.model import FINE, Drift, Findings, Report, Row, State, from_object, merged

_text = st.text(max_size=20)
_count = st.integers(min_value=0, max_value=99)
_rows = st.builds(
    Row,
    name=_text,
    source=_text,
    state=st.sampled_from(State),
    reason=_text,
    behind=st.none() | _count,
    drift=st.none() | st.builds(Drift, _count, _count, _count, _count),
    findings=st.none() | st.builds(Findings, _count, _count, _count),
    rules=st.none() | st.dictionaries(_text, _count, max_size=3),
    advisories=st.lists(_text, max_size=2).map(tuple),
    conflicts=st.lists(_text, max_size=2).map(tuple),
    pushed=st.booleans(),
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_rows, max_size=3), st.none() | _text)
def test_a_report_comes_back_from_json(rows: list[Row], stopped: str | None) -> None:
    report = Report("update", "fleet", tuple(rows), stopped, "1.0", "2026-01-01T00:00:00+00:00", "1/2")
    text = json.dumps(report.as_object())
    back = from_object(json.loads(text), "report.json")
    assert back == report
    assert (back.tool, back.made, back.shard) == (report.tool, report.made, report.shard)
    assert back.exit_code == (0 if stopped is None and all(row.state in FINE for row in rows) else 1)


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


@pytest.mark.parametrize("value", [None, [], {}, {"format": 99}, {"format": 1, "rows": 3}, {"format": 1, "rows": [{}]}])
def test_what_is_no_report(value: object) -> None:
    with pytest.raises(Refused, match=r"report\.json"):
        from_object(value, "report.json")
