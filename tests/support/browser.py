"""Headless Chromium as Debian packages it, driven by its own driver; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

REQUIRED = "PYO3_KIT_BROWSER_REQUIRED"
"""Set where the tests must not be skipped for want of a browser."""


def need_browser() -> None:
    """Skip the test where there is no Chromium; fail it where one is required."""
    missing = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    if missing:
        say = f"no {' and no '.join(missing)} on this machine: apt-get install chromium chromium-driver"
        if os.environ.get(REQUIRED):
            pytest.fail(say)
        pytest.skip(say)


@contextmanager
def browser(*, scripts: bool = True, dark: bool = False) -> Iterator[Chrome]:
    """A browser that keeps what the console says and what is requested; without `scripts` it runs none of a page."""
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(word)
    if dark:
        options.add_argument("--force-dark-mode")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options, ChromeService(shutil.which("chromedriver")))
    try:
        if not scripts:
            driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        if dark:
            features = [{"name": "prefers-color-scheme", "value": "dark"}]
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        yield driver
    finally:
        driver.quit()
