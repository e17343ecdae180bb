"""A fleet's page in a real browser: rows, sorting, chart, filter; no request, no word in the console."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pyo3_kit.fleet.model import Drift, Findings, Report, Row, State
from pyo3_kit.fleet.page import render
from pyo3_kit.template.releases import releases
from tests.fleet.organisation import NAMES, found
from tests.fleet.test_page import HOSTILE
from tests.support.browser import browser, need_browser
from tests.support.command import run_kit

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.slow

VERSIONS = ("v0.10.0", "v0.9.0", "v0.1.0")


def row(number: int) -> Row:
    """One of sixty: the names are in the order of the numbers, what they are sorted by is not."""
    behind = (number * 7) % 3
    return Row(
        f"repo-{number:02}",
        f"https://git.example.org/repo-{number:02}",
        State.BEHIND if behind else State.CURRENT,
        template="https://git.example.org/template",
        version=VERSIONS[behind],
        newest=VERSIONS[0],
        behind=behind,
        drift=Drift(drifted=number % 4),
        findings=Findings(error=(number * 13) % 11),
    )


ROWS = (
    *(row(number) for number in range(60)),
    *(Row(f"zz {text}", text, State.BROKEN, text, hint=text) for text in HOSTILE),
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need_browser()
    path = tmp_path_factory.mktemp("page") / "fleet.html"
    path.write_text(render(Report("status", "platform", ROWS)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    need_browser()
    with browser() as opened:
        yield opened


@pytest.fixture
def opened(driver: Chrome, page: Path) -> Chrome:
    driver.get(page.as_uri())
    return driver


def column(driver: Chrome, name: str) -> list[str]:
    """The texts of a column, from the top, of the rows that are shown."""
    script = """
      const heads = [...document.querySelectorAll("thead th")];
      const index = heads.findIndex((head) => head.dataset.column === arguments[0]);
      const rows = [...document.querySelectorAll("tbody tr")].filter((row) => !row.hidden);
      return rows.map((row) => row.cells[index].innerText);
    """
    texts: list[str] = driver.execute_script(script, name)
    return texts


def head(driver: Chrome, name: str) -> Any:
    return driver.find_element("css selector", f"thead th[data-column={name}]")


def test_every_repository_has_a_row(opened: Chrome) -> None:
    names = column(opened, "name")
    assert len(names) == len(ROWS)
    assert names[:60] == [row.name for row in ROWS[:60]]


def test_a_click_sorts_and_another_one_turns_it(opened: Chrome) -> None:
    assert head(opened, "name").get_attribute("aria-sort") == "ascending"
    for name, expected in (
        ("errors", [row.findings.error for row in ROWS if row.findings]),
        ("behind", [row.behind for row in ROWS if row.version]),
    ):
        for descending in (False, True):
            head(opened, name).find_element("tag name", "button").click()
            shown = column(opened, name)
            numbers = sorted((str(number) for number in expected), key=lambda text: int(text), reverse=descending)
            assert shown == [*numbers, *[""] * len(HOSTILE)], "what has no value comes last either way"
            assert head(opened, name).get_attribute("aria-sort") == ("descending" if descending else "ascending")
        assert len(opened.find_elements("css selector", "[aria-sort]")) == 1


def test_versions_sort_as_versions(opened: Chrome) -> None:
    head(opened, "version").find_element("tag name", "button").click()
    shown = [text for text in column(opened, "version") if text]
    assert list(dict.fromkeys(shown)) == ["v0.1.0", "v0.9.0", "v0.10.0"]


def test_the_keyboard_sorts(opened: Chrome) -> None:
    from selenium.webdriver.common.keys import Keys

    button = head(opened, "drift").find_element("tag name", "button")
    opened.execute_script("arguments[0].focus()", button)
    button.send_keys(Keys.ENTER)
    assert column(opened, "drift")[0] == "0"
    opened.switch_to.active_element.send_keys(Keys.SPACE)
    assert column(opened, "drift")[0] == "3"


def test_the_chart_shows_the_versions(opened: Chrome) -> None:
    script = """
      return [...document.querySelectorAll(".chart g")].map((bar) => [
        bar.dataset.version,
        bar.querySelector(".value").textContent,
        bar.querySelector("rect").getBoundingClientRect().width,
      ])
    """
    drawn = opened.execute_script(script)
    expected = {version: sum(row.version == version for row in ROWS) for version in VERSIONS}
    assert [(version, int(count)) for version, count, _ in drawn] == [
        (version, expected[version]) for version in VERSIONS
    ]
    widths = {version: width for version, _, width in drawn}
    assert all(width > 50 for width in widths.values())
    for version in VERSIONS:
        assert widths[version] / widths[VERSIONS[0]] == pytest.approx(
            expected[version] / expected[VERSIONS[0]], rel=0.02
        )


def test_the_command_writes_such_a_page(driver: Chrome, tmp_path: Path) -> None:
    root = found(tmp_path / "organisation")
    result = run_kit("fleet", "status", "--jobs", "1", "--html", "fleet.html", folder=root)
    assert result.code == 1, result.err
    driver.get((root / "fleet.html").as_uri())
    assert column(driver, "name") == sorted(NAMES)
    assert set(column(driver, "version")) == {releases()[0].version}
    assert driver.find_element("css selector", ".chart .value").text == str(len(NAMES))


def test_the_filter_leaves_what_fits(opened: Chrome) -> None:
    find = opened.find_element("id", "find")
    find.send_keys("REPO-0")
    assert column(opened, "name") == [f"repo-{number:02}" for number in range(10)]
    assert opened.find_element("id", "shown").text == f"10 of {len(ROWS)}"
    find.clear()
    opened.find_element("css selector", "#only option[value=broken]").click()
    assert len(column(opened, "name")) == len(HOSTILE)


def test_hostile_text_is_shown_and_does_nothing(opened: Chrome) -> None:
    names = column(opened, "name")
    assert "zz <script>alert(1)</script>" in names
    assert not opened.find_elements("css selector", "tbody img, tbody script")
    assert not opened.execute_script(
        "return [...document.querySelectorAll('a')].filter((a) => a.protocol !== 'https:').length"
    )


def test_the_network_and_the_console_are_silent(driver: Chrome, page: Path) -> None:
    heard(driver)
    driver.get(page.as_uri())
    head(driver, "errors").find_element("tag name", "button").click()
    asked, said = heard(driver)
    assert asked - {"data:,"} == {page.as_uri()}
    assert said == []
    # That a browser does tell: the page's own policy keeps it from loading what is not the page.
    driver.execute_script("document.body.append(Object.assign(new Image(), {src: 'https://example.invalid/a.png'}))")
    assert "Content Security Policy" in " ".join(heard(driver)[1])


def heard(driver: Chrome) -> tuple[set[str], list[str]]:
    """What was requested and what the console says, since the last time."""
    said: Any = driver.get_log("browser")  # type: ignore[no-untyped-call]
    noted: Any = driver.get_log("performance")  # type: ignore[no-untyped-call]
    messages = [json.loads(entry["message"])["message"] for entry in noted]
    asked = {one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"}
    return asked, [entry["message"] for entry in said]


def test_it_reads_without_its_script(page: Path) -> None:
    with browser(scripts=False) as driver:
        driver.get(page.as_uri())
        assert len(driver.find_elements("css selector", "tbody tr")) == len(ROWS)
        assert not driver.find_elements("css selector", "thead button")
        assert not driver.find_element("css selector", ".filter").is_displayed()
        assert driver.find_element("css selector", ".chart rect").is_displayed()


def test_it_is_dark_where_dark_is_liked(page: Path) -> None:
    grounds = []
    for dark in (False, True):
        with browser(dark=dark) as driver:
            driver.get(page.as_uri())
            grounds.append(driver.find_element("tag name", "body").value_of_css_property("background-color"))
    assert grounds == ["rgba(255, 255, 255, 1)", "rgba(14, 17, 22, 1)"]
