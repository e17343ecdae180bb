"""A fleet's page as a text: what is in it, what it may load, and that whatever a report holds stays text."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyo3_kit.fleet.model import Drift, Findings, Report, Row, State
from pyo3_kit.fleet.page import is_address, render, tone
from pyo3_kit.fleet.page.chart import groups
from pyo3_kit.fleet.page.columns import COLUMNS, ranks

ROW = Row("one", "https://git.example.org/one", State.CURRENT, template="t", version="v0.3.0", newest="v0.3.0")
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></script><!--",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "\u202etxt.exe\u2066",
    "a\x00b\x1b[31m\ud800",
]
# What of the page's own may stand there, whatever the report says.
TAGS = frozenset(
    """
    html head meta title link style body header main section div h1 h2 h3 p ul li span b strong bdi code time svg g
    text rect form label input select option output table thead tbody tr th td a details summary script
    """.split()  # noqa: SIM905
)


class Page(HTMLParser):
    """What a browser would find: tags with their attributes, and the texts by tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def report(*rows: Row, **more: Any) -> Report:
    return Report("status", "platform", rows, made="2026-11-26T04:23:00+00:00", **more)


def test_there_is_a_row_for_each_repository_and_a_bar_for_each_version() -> None:
    rows = (ROW, replace(ROW, name="two"), replace(ROW, name="three", version="v0.2.0", state=State.BEHIND))
    page = Page(render(report(*rows)))
    assert [
        attributes["data-state"] for tag, attributes in page.tags if tag == "tr" and "data-state" in attributes
    ] == [
        "current",
        "current",
        "behind",
    ]
    bars = [(attributes["data-version"], attributes["data-count"]) for tag, attributes in page.tags if tag == "g"]
    assert bars == [("v0.3.0", "2"), ("v0.2.0", "1")]


def test_a_column_without_anything_in_it_is_left_out() -> None:
    def titles(*rows: Row) -> set[str | None]:
        return {
            attributes["data-column"]
            for tag, attributes in Page(render(report(*rows))).tags
            if "scope" in attributes
            if attributes["scope"] == "col"
        }

    assert titles(Row("one", "one", State.GONE)) == {"name", "state"}
    full = replace(
        ROW,
        behind=0,
        drift=Drift(),
        findings=Findings(),
        pyo3="0.30",
        advisories=("RUSTSEC-1",),
        updated="2026-11-26",
        changes=3,
        conflicts=("a",),
        request="https://git.example.org/one/pull/1",
        wave=2,
    )
    assert titles(full, ROW) == {column.name for column in COLUMNS}


def test_nothing_of_a_row_is_lost() -> None:
    row = replace(
        ROW,
        state=State.CONFLICTS,
        reason="the reason",
        hint="the hint",
        branch="the-branch",
        commit="0123456789abcdef",
        conflicts=("src/lib.rs",),
        warnings=("the warning",),
        request="https://git.example.org/one/pull/17",
    )
    text = Page(render(report(row, stopped="too many fail"))).text
    for expected in (
        "the reason",
        "the hint",
        "the-branch",
        "0123456789ab",
        "src/lib.rs",
        "the warning",
        "17",
        "too many fail",
    ):
        assert expected in text


def test_an_empty_fleet_is_a_page() -> None:
    assert "<tbody>" in render(report())


def test_nothing_is_loaded() -> None:
    page = Page(render(report(ROW)))
    policy = next(attributes["content"] for tag, attributes in page.tags if "http-equiv" in attributes)
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    loading = [
        value
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in ("src", "srcset", "action", "style")
    ]
    assert not loading
    assert [attributes["href"] for tag, attributes in page.tags if tag == "link"] == ["data:,"]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_report_holds_stays_text(text: str) -> None:
    check_text(text)


@given(st.text())
def test_any_text_stays_text(text: str) -> None:
    check_text(text)


def check_text(text: str) -> None:
    texts: dict[str, Any] = {one.name: text for one in fields(Row) if "str" in str(one.type)}
    texts |= dict.fromkeys(("advisories", "conflicts", "warnings"), (text,))
    row = Row(**{**texts, "state": State.CONFLICTS, "drift": Drift(), "findings": Findings()})
    assert row.request == row.reason == row.version == text
    shown = render(Report(text, text, (row, ROW), stopped=text, tool=text, made=text, shard=text))
    page = Page(shown)
    assert {tag for tag, _ in page.tags} <= TAGS
    assert [tag for tag, _ in page.tags].count("script") == 1
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
        assert is_address(attributes.get("href") or "https://a/") or attributes["href"] == "data:,"
    assert not re.search("[\x00\x1b\u202e\u2066\ud800-\udfff]", shown)
    shown.encode()


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("https://git.example.org/one", True),
        ("http://localhost/one", True),
        ("javascript:alert(1)//https://", False),
        ("https://ada:secret@git.example.org/one", False),
        ("git@git.example.org:one", False),
        ("../one", False),
        ("", False),
        (None, False),
    ],
)
def test_only_a_web_address_is_a_link(text: str | None, fine: bool) -> None:
    assert is_address(text) is fine


def test_versions_have_their_own_order() -> None:
    column = next(column for column in COLUMNS if column.name == "version")
    rows = [replace(ROW, version=version) for version in ("v0.10.0", "v0.9.0", None, "0123abc", "v0.10.0")]
    assert ranks(column, rows) == [2, 1, None, 0, 2]


def test_a_template_of_more_repositories_comes_first() -> None:
    rows = [
        ROW,
        replace(ROW, template="other"),
        replace(ROW, template="other", version="v0.1.0"),
        replace(ROW, version=None),
    ]
    made = groups(rows)
    assert [group.template for group in made] == ["other", "t"]
    assert [(bar.version, bar.newest) for bar in made[0].bars] == [("v0.3.0", True), ("v0.1.0", False)]


def test_every_state_has_a_colour() -> None:
    assert {tone(state) for state in State} == {"fine", "work", "bad"}
    assert tone(State.CURRENT) == "fine"
    assert tone(State.FAILED) == "bad"
