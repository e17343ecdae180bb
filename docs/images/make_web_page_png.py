"""Take pictures of the page of `pyo3-kit serve` in Chromium: `python docs/images/make_web_page_png.py`.

Requires Chromium and its driver.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.wait import WebDriverWait  # noqa: E402

from tests.support.browser import browser  # noqa: E402
from tests.support.server import server  # noqa: E402

DESKTOP, PHONE = (1280, 800), (390, 844)
PICTURES = (("light", DESKTOP, False), ("dark", DESKTOP, True), ("phone", PHONE, False))


def main() -> None:
    """Write `web-page-light.png` and the others next to this file."""
    with server(folder=ROOT) as url:
        for name, (width, height), dark in PICTURES:
            with browser(dark=dark) as driver:
                screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": name == "phone"}
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
                driver.get(f"{url}?project_name=geo-index&starter=showcase")
                if name != "phone":
                    driver.execute_script("document.querySelector('[name=async_runtime][value=true]').click()")
                    WebDriverWait(driver, 20).until(lambda page: page.find_elements(By.ID, "tab-changes"))
                    tab = "tab-changes" if dark else "tab-files"
                    if not dark:
                        driver.execute_script("document.getElementById('f-src/batch.rs').click()")
                        WebDriverWait(driver, 20).until(
                            lambda page: page.find_element(By.ID, "file").accessible_name == "src/batch.rs"
                        )
                    driver.execute_script("document.getElementById(arguments[0]).click()", tab)
                    driver.execute_script("document.activeElement.blur(); scrollTo(0, 0)")
                driver.save_screenshot(str(Path(__file__).with_name(f"web-page-{name}.png")))


if __name__ == "__main__":
    main()
