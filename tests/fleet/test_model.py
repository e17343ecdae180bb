"""Reports: to JSON and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyo3_kit.errors import Refused
from pyo3_kit.fleet.model import FINE, Drift, Findings, Report, Row, State
from pyo3_kit.fleet.reports import report_from_object

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
    back = report_from_object(json.loads(text), "report.json")
    assert back == report
    assert (back.tool, back.made, back.shard) == (report.tool, report.made, report.shard)
    assert back.exit_code == (0 if stopped is None and all(row.state in FINE for row in rows) else 1)


@pytest.mark.parametrize("value", [None, [], {}, {"format": 99}, {"format": 1, "rows": 3}, {"format": 1, "rows": [{}]}])
def test_what_is_no_report(value: object) -> None:
    with pytest.raises(Refused, match=r"report\.json"):
        report_from_object(value, "report.json")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("operation", "bogus"),
        ("operation", ["status"]),
        ("fleet", None),
        ("tool", 1),
        ("made", None),
        ("shard", 2),
        ("shard", "3/2"),
        ("stopped", 1),
        ("rows", {"a": 1}),
    ],
)
def test_a_report_with_a_value_of_another_kind(key: str, value: object) -> None:
    report = Report("status", "f", (Row("a", "a", State.CURRENT),), made="2026-01-01").as_object()
    with pytest.raises(Refused, match=r"report\.json is not a fleet report: "):
        report_from_object({**report, key: value}, "report.json")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", 5),
        ("name", None),
        ("reason", None),
        ("version", 5),
        ("pyo3", 0.29),
        ("wave", "1"),
        ("wave", True),
        ("behind", "2"),
        ("changes", 1.5),
        ("pushed", 1),
        ("verified", None),
        ("seconds", "1"),
        ("state", "fine"),
        ("state", []),
        ("drift", [1]),
        ("drift", {"other": 1}),
        ("findings", {"error": None}),
        ("rules", {"PYO101": None}),
        ("advisories", "RUSTSEC-0000-0000"),
        ("conflicts", [None]),
    ],
)
def test_a_row_with_a_value_of_another_kind(key: str, value: object) -> None:
    row = Row("a", "a", State.CURRENT).as_object()
    report = {**Report("status", "f", ()).as_object(), "rows": [{**row, key: value}]}
    with pytest.raises(Refused, match=r"report\.json is not a fleet report: "):
        report_from_object(report, "report.json")
