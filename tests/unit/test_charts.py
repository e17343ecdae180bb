"""The charts of measured gains: what a bar, its line and the text say."""

from __future__ import annotations

import re
import sys
from xml.etree import ElementTree

import pytest

from tests.support.template import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import build_charts
from measure_practices import figure

SVG = "{http://www.w3.org/2000/svg}"
GAIN = figure("PYO01", "a call & more", "µs", [(2.0, 1.0), (3.0, 1.0), (8.0, 2.0)])
LOSS = figure("PYO08", "`new`", "µs", [(1.0, 2.0)])


def test_a_figure_is_the_median_with_the_spread_of_single_rounds() -> None:
    assert (GAIN["without"], GAIN["with"], GAIN["ratio"]) == (3.0, 1.0, 3.0)
    assert (GAIN["spread"], GAIN["rounds"]) == ([2.0, 4.0], 3)
    assert LOSS == {"practice": "PYO08", "what": "`new`", "unit": "µs", "without": 1.0, "with": 2.0, "ratio": 0.5}


def test_a_bar_starts_at_1_and_the_line_is_the_spread() -> None:
    picture = ElementTree.fromstring(build_charts.draw([GAIN, LOSS], "Gains"))
    one = float(next(line.attrib["x1"] for line in picture.iter(f"{SVG}line") if line.attrib["class"] == "one"))
    bars = {bar.attrib["class"]: bar.attrib for bar in picture.iter(f"{SVG}rect")}
    assert float(bars["gain"]["x"]) == one
    assert float(bars["loss"]["x"]) + float(bars["loss"]["width"]) == one
    (spread,) = (path.attrib["d"] for path in picture.iter(f"{SVG}path"))
    low, high = (float(x) for x in re.findall(r"[MH]([\d.]+)", spread))
    doubled = float(bars["loss"]["width"])
    assert (low, high) == pytest.approx((one + doubled, one + 2 * doubled), abs=0.2)


def test_the_text_has_the_same_numbers() -> None:
    picture = ElementTree.fromstring(build_charts.draw([GAIN, LOSS], "Gains"))
    words = ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]
    assert {"a call & more", "3× (2 to 4)", "new", "0.5×"} <= set(words)
    assert picture.findtext(f"{SVG}desc") == "Measured gains: a call & more: 3× (2 to 4); new: 0.5×"
