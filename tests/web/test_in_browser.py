"""The page in a real browser over the real server: answers, changes, downloads, the keyboard, and silence elsewhere."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pyo3_kit.template.releases import releases
from tests.support.browser import browser, need_browser
from tests.support.command import environment
from tests.support.server import server
from tests.web.foreign import QUESTIONS

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

pytestmark = pytest.mark.slow

SCREEN = {"deviceScaleFactor": 1}
OPEN_ALL = "document.querySelectorAll('.panel, details').forEach((one) => {one.hidden = false; one.open = true})"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    need_browser()
    with server(folder=tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="module")
def driver(url: str) -> Iterator[Chrome]:
    with browser() as opened:
        opened.implicitly_wait(0)
        opened.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False},
        )
        opened.get(url)
        yield opened


def wait(driver: Chrome, script: str, *values: Any) -> Any:
    """The script's first result that is true; the page is asked, not the clock."""
    from selenium.webdriver.support.wait import WebDriverWait

    return WebDriverWait(driver, 30, poll_frequency=0.05).until(lambda page: page.execute_script(script, *values))


def one(driver: Chrome, selector: str) -> WebElement:
    return driver.find_element("css selector", selector)


def press(driver: Chrome, selector: str) -> None:
    driver.execute_script("arguments[0].click()", one(driver, selector))


def settled(driver: Chrome, text: str) -> None:
    """Wait until the address holds this, and its answer is shown."""
    wait(
        driver,
        "return decodeURIComponent(location.search).includes(arguments[0]) && "
        "location.search.slice(1) === document.querySelector('#questions').dataset.link && "
        "!document.querySelector('#project').hasAttribute('aria-busy')",
        text,
    )


def test_a_visit(driver: Chrome, url: str, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    # Every question is there, and conditions follow the answers.
    names = "return [...document.querySelectorAll('.question')].map((question) => question.dataset.name)"
    assert "async_bridge" not in driver.execute_script(names)
    press(driver, "[name=async_runtime][value=true]")
    wait(driver, "return document.querySelector('#q-async_bridge')")
    with urllib.request.urlopen(f"{url}api/questions") as answer:
        asked = {question["name"] for question in json.load(answer)["questions"]}
    seen = set(driver.execute_script(names))
    press(driver, "[name=starter][value=showcase]")
    wait(driver, "return document.querySelector('#q-buffer_api')")
    assert seen | set(driver.execute_script(names)) == asked
    press(driver, "[name=starter][value=minimal]")
    wait(driver, "return !document.querySelector('#q-buffer_api')")
    # What the answer changed: in the tree, and as a diff.
    settled(driver, "async_runtime=true")
    assert "changed" in one(driver, "#notes .delta").text
    press(driver, "#tab-changes")
    assert "starter: minimal" in one(driver, "#changes .diff").text
    press(driver, "[name=async_runtime][value=false]")
    wait(driver, "return !document.querySelector('#q-async_bridge')")
    # A name that cannot be used is explained while it is typed, and typing continues.
    name = one(driver, "#a-project_name")
    name.send_keys(" 9")
    wait(driver, "return document.querySelector('#a-project_name-error')")
    assert name.get_attribute("aria-invalid") == "true"
    assert "is not a name for PyPI" in one(driver, "#q-project_name .error").text
    assert "No project yet" in one(driver, "#notes").text
    name.send_keys(Keys.BACKSPACE, Keys.BACKSPACE, "-two")
    settled(driver, "project_name=my-lib-two")
    assert driver.switch_to.active_element == name
    assert one(driver, "#a-python_package").get_attribute("value") == "my_lib_two"
    # A preset, and another answer against it.
    press(driver, "[name=ci][value=gitlab]")
    settled(driver, "ci=gitlab")
    press(driver, "#presets [value=lean]")
    settled(driver, "_preset=lean")
    assert one(driver, "[name=ci][value=none]").is_selected()
    press(driver, "[name=ci][value=github]")
    settled(driver, "ci=github")
    # The archive is what `new` writes; the page's own command makes it.
    link = driver.execute_script("return document.querySelector('#questions').dataset.link")
    with urllib.request.urlopen(f"{url}starter.zip?{link}") as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    press(driver, "#tab-take")
    words = one(driver, "#command-new").text.split()
    assert words[:3] == ["pyo3-kit", "new", "my-lib-two"]
    author = ["--data", "author_name=", "--data", "author_email="]
    command = [sys.executable, "-m", "pyo3_kit", *words[1:], *author, "--defaults", "--no-git"]
    subprocess.run(command, cwd=tmp_path, env=environment(), check=True, capture_output=True)
    written = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert {name: archive.read(name) for name in archive.namelist()} == written
    # Back, Forward and reload keep the answers.
    driver.back()
    settled(driver, "_preset=lean")
    assert one(driver, "[name=ci][value=none]").is_selected()
    driver.forward()
    settled(driver, "ci=github")
    assert one(driver, "[name=ci][value=github]").is_selected()
    driver.refresh()
    assert one(driver, "[name=ci][value=github]").is_selected()
    assert one(driver, "#presets [value=lean]").is_selected()


def test_the_keyboard_is_enough(driver: Chrome, url: str) -> None:
    from selenium.webdriver.common.keys import Keys

    driver.get(url)
    one(driver, "body").send_keys(Keys.TAB)
    assert driver.switch_to.active_element.text == "Skip to the project"
    one(driver, "#preset-none").send_keys(Keys.ARROW_RIGHT)
    settled(driver, "_preset=lean")
    assert driver.switch_to.active_element.get_attribute("value") == "lean"
    one(driver, "[name=starter]:checked").send_keys(Keys.ARROW_DOWN)
    settled(driver, "starter=showcase")
    one(driver, "#tab-files").send_keys(Keys.ARROW_RIGHT)
    assert driver.switch_to.active_element.get_attribute("id") == "tab-changes"
    assert one(driver, "#changes").is_displayed()
    assert not one(driver, "#files").is_displayed()
    driver.switch_to.active_element.send_keys(Keys.ARROW_LEFT)
    one(driver, "[data-file='Cargo.toml']").send_keys(Keys.ENTER)
    wait(driver, "return document.querySelector('#file').ariaLabel === 'Cargo.toml'")
    assert driver.switch_to.active_element.get_attribute("data-file") == "Cargo.toml"
    outline = "const style = getComputedStyle(document.activeElement); return style.outlineStyle + style.outlineWidth"
    assert driver.execute_script(outline) == "solid3px"
    one(driver, "#find").send_keys("rayon")
    wait(driver, "return document.querySelector('.line.hit') && document.querySelectorAll('[data-file]').length < 20")
    assert driver.switch_to.active_element.get_attribute("id") == "find"


def test_an_existing_project_is_opened(driver: Chrome, url: str) -> None:
    old = releases()[0].version
    source = "https://github.com/pyo3-kit/pyo3-kit.git"
    text = f"_commit: {old}\n_src_path: {source}\nproject_name: old-lib\nlicense: MIT\n"
    driver.get(url)
    press(driver, "#tab-take")
    driver.execute_script("document.querySelector('#answers-file').value = arguments[0]", text)
    press(driver, "#open button")
    wait(driver, "return document.querySelector('#changes .change')")
    assert f"What an update from {old} changes" in one(driver, "#changes h3").text
    assert one(driver, "#a-project_name").get_attribute("value") == "old-lib"
    assert one(driver, "[name=license][value=MIT]").is_selected()


def test_nothing_is_asked_of_others_and_the_console_is_silent(driver: Chrome, url: str) -> None:
    noted: Any = driver.get_log("performance")  # type: ignore[no-untyped-call]
    messages = [json.loads(entry["message"])["message"] for entry in noted]
    asked = [item["params"]["request"]["url"] for item in messages if item["method"] == "Network.requestWillBeSent"]
    assert len(asked) > 10
    assert [address for address in asked if not address.startswith(url)] == []
    said: Any = driver.get_log("browser")  # type: ignore[no-untyped-call]
    assert said == []


@pytest.mark.parametrize("query", ["?starter=showcase&wheels=abi3", "?project_name=9"])
def test_axe_finds_nothing(driver: Chrome, url: str, query: str) -> None:
    driver.get(url + query)
    axe = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    driver.execute_script(axe)
    # Every panel is looked at, as without scripts.
    driver.execute_script(OPEN_ALL)
    result = driver.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
    assert len(result["passes"]) > 20
    found = [
        (rule["id"], rule["impact"], [node["html"][:120] for node in rule["nodes"][:3]])
        for rule in result["violations"]
    ]
    assert found == []


def test_a_phone_shows_all_of_it(driver: Chrome, url: str) -> None:
    screen = {**SCREEN, "width": 360, "height": 740, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    driver.get(url)
    assert driver.execute_script("return document.documentElement.scrollWidth") == 360
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_foreign_template_and_no_scripts(driver: Chrome, foreign: Path, tmp_path: Path) -> None:
    with server("--template", str(foreign), folder=tmp_path) as url:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            driver.get(url)
            one(driver, "[name=deploys][value=true]").send_keys(" ")
            one(driver, "[name=tools][value=pytest]").send_keys(" ")
            one(driver, ".plain-only").send_keys("\n")
            assert one(driver, "#q-target").is_displayed()
            address = driver.current_url
            one(driver, "#a-token").send_keys("s3cret")
            one(driver, ".plain-only").send_keys("\n")
            assert "s3cret" not in driver.page_source + driver.current_url
        finally:
            driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        # With scripts the same address continues.
        driver.get(address)
        press(driver, "[name=target][value=cluster]")
        wait(driver, "return document.querySelector('#a-machines')")
        one(driver, "#a-machines").send_keys("3")
        wait(driver, "return document.querySelector('#a-machines-error')")
        assert one(driver, "#a-machines-error").text == "nine at most"
        one(driver, "#a-machines").send_keys("\ue003")
        one(driver, "#a-token").send_keys("s3cret")
        wait(driver, "return document.querySelector('#a-machines-error') === null")
        shown = driver.execute_script(
            "return [...document.querySelectorAll('.question')].map((one) => one.dataset.name)"
        )
        assert shown == [name for name in yaml.safe_load(QUESTIONS) if name[0] != "_"]
        assert "<b>markup</b>" in one(driver, "#q-project_name .help").text
        press(driver, "[data-file='secret.txt']")
        wait(driver, "return document.querySelector('#file').innerText.includes('s3cret')")
        assert "s3cret" not in driver.current_url
