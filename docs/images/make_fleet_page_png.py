"""Take a picture of a fleet's page in Chromium: `python docs/images/make_fleet_page_png.py`.

The fleet is made up; the page is what `pyo3-kit fleet status --html` writes. Requires Chromium and its driver.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from pyo3_kit.fleet.model import Drift, Findings, Report, Row, State  # noqa: E402
from pyo3_kit.fleet.page import render  # noqa: E402
from tests.support.browser import browser  # noqa: E402

TEMPLATE = "https://github.com/pyo3-kit/pyo3-kit.git"
NEWEST = "v0.3.0"


def row(name: str, state: State, version: str | None = NEWEST, reason: str = "", **more: object) -> Row:
    """Return a repository of the example fleet."""
    source = f"https://git.example.org/rust/{name}"
    template = TEMPLATE if version else None
    return Row(name, source, state, reason, template=template, version=version, newest=NEWEST, **more)  # type: ignore[arg-type]


ROWS = (
    row("csv-fast", State.CURRENT, behind=0, drift=Drift(4), findings=Findings(), pyo3="0.30", updated="2026-11-20"),
    row(
        "geo-index",
        State.BEHIND,
        "v0.2.0",
        "v0.3.0 is out",
        behind=1,
        drift=Drift(9),
        findings=Findings(0, 2, 1),
        pyo3="0.29",
        updated="2026-10-02",
    ),
    row(
        "ledger",
        State.DRIFTED,
        reason="keys of the template were changed",
        hint="See `pyo3-kit status` in it.",
        behind=0,
        drift=Drift(6, 2),
        findings=Findings(0, 1),
        pyo3="0.30",
        updated="2026-11-20",
    ),
    row("old-parser", State.BROKEN, None, "its answers file is not valid YAML"),
    row(
        "risk-engine",
        State.BEHIND,
        "v0.1.0",
        "v0.3.0 is out",
        behind=2,
        drift=Drift(11, 1, 1),
        findings=Findings(1, 3, 2),
        pyo3="0.28",
        advisories=("RUSTSEC-2026-0176", "RUSTSEC-2026-0177"),
        updated="2026-08-14",
    ),
    row("scripts", State.FOREIGN, None, "no project that Copier made"),
    row("text-kit", State.CURRENT, behind=0, drift=Drift(2), findings=Findings(), pyo3="0.30", updated="2026-11-21"),
    row(
        "tick-store",
        State.BEHIND,
        "v0.2.0",
        "v0.3.0 is out",
        behind=1,
        drift=Drift(5),
        findings=Findings(0, 1),
        pyo3="0.29",
        updated="2026-09-30",
    ),
    row("wire-format", State.CURRENT, behind=0, drift=Drift(3), findings=Findings(), pyo3="0.30", updated="2026-11-21"),
)


def main() -> None:
    """Write `fleet-page.png` next to this file."""
    report = Report("status", "platform", ROWS, tool="0.3.0", made="2026-11-26T04:23:00+00:00")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "fleet.html")
        page.write_text(render(report), encoding="utf-8")
        with browser() as driver:
            driver.set_window_size(1400, 860)
            driver.get(page.as_uri())
            height = driver.execute_script("return document.documentElement.scrollHeight")
            driver.set_window_size(1400, height + driver.execute_script("return outerHeight - innerHeight"))
            driver.save_screenshot(str(Path(__file__).with_name("fleet-page.png")))


if __name__ == "__main__":
    main()
