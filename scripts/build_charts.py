"""Draw the measured gains of the practices: docs/images/gains.svg, and a picture for each measured practice.

A bar is the gain in catalogue/measurements.json, on a logarithmic scale; the line across its end is the spread of the
rounds. With `--check`, write nothing and exit with 1 if a picture is stale.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from generated import options, write_or_check

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "catalogue" / "measurements.json"
IMAGES = ROOT / "docs" / "images"

Figure = dict[str, Any]

WIDTH = 720
LEFT, RIGHT = 8, 185
"""Space for the label of the axis' first tick, and for the figures."""
TOP, ROW, BOTTOM = 34, 42, 28

AXIS = "How many times as long (or as large) without the practice"
SPREAD = "; the lines show the spread of the rounds"

# The site replaces the colours with those of its own theme.
STYLE = """\
.gains{--ink:#1f2328;--muted:#59636e;--grid:#d8dee4;--gain:#c2571a;--loss:#6e7781;\
font:13px system-ui,-apple-system,"Segoe UI",sans-serif}
@media (prefers-color-scheme:dark){.gains{--ink:#e6edf3;--muted:#9198a1;--grid:#30363d;--gain:#e8833f;--loss:#8b949e}}
.gains text{fill:var(--ink)}.gains .value{font-weight:600}
.gains .muted{fill:var(--muted);font-size:11.5px;font-weight:400}
.gains .grid{stroke:var(--grid)}.gains .one{stroke:var(--muted)}
.gains .gain{fill:var(--gain)}.gains .loss{fill:var(--loss)}.gains .spread{stroke:var(--ink);stroke-width:1.5}
"""


def main() -> int:
    """Write the pictures, or with `--check` compare them; see the module docstring for the exit code."""
    check = options(__doc__).parse_args().check
    return write_or_check(draw_all(load_figures()), (IMAGES / "gains").glob("*.svg"), check=check)


def load_figures() -> list[Figure]:
    """Return the figures, in the order of the practices."""
    figures: list[Figure] = json.loads(FIGURES.read_text(encoding="utf-8"))["figures"]
    return figures


def draw_all(figures: Sequence[Figure]) -> dict[Path, str]:
    """Return all pictures by their path."""
    pictures = {IMAGES / "gains.svg": draw(figures, "Measured gains of all practices", name_practice=True)}
    for practice in dict.fromkeys(figure["practice"] for figure in figures):
        own = [figure for figure in figures if figure["practice"] == practice]
        pictures[IMAGES / "gains" / f"{practice}.svg"] = draw(own, f"Measured gains of {practice}")
    return pictures


def link(practice: str, folder: str) -> str:
    """Return the Markdown of a practice's picture, in `folder`; empty without figures."""
    own = [figure for figure in load_figures() if figure["practice"] == practice]
    return f"![{describe(own)}]({folder}/gains/{practice}.svg)" if own else ""


def describe(figures: Sequence[Figure]) -> str:
    """Return the figures as a sentence, for readers who do not see the picture."""
    parts = [f"{figure['what'].replace('`', '')}: {gain(figure)}" for figure in figures]
    return f"Measured gains: {'; '.join(parts)}"


def gain(figure: Figure) -> str:
    """Return the gain with its spread."""
    spread = " ({:g} to {:g})".format(*figure["spread"]) if "spread" in figure else ""
    return f"{figure['ratio']:g}×{spread}"


def draw(figures: Sequence[Figure], title: str, *, name_practice: bool = False) -> str:
    """Return a picture with one bar per figure."""
    # In powers of two, which the axis shows.
    shown = [ratio for figure in figures for ratio in (figure["ratio"], *figure.get("spread", ()))]
    first = math.floor(math.log2(min(0.75, *shown)))
    last = math.ceil(math.log2(max(2, *shown)))
    step = (WIDTH - LEFT - RIGHT - 12) / (last - first)

    def x(ratio: float) -> str:
        return f"{LEFT + 12 + (math.log2(ratio) - first) * step:.1f}".removesuffix(".0")

    axis = AXIS + SPREAD * any("spread" in figure for figure in figures)
    height = TOP + ROW * len(figures) + BOTTOM
    bottom = height - BOTTOM + 4
    lines = [
        f'<svg class="gains" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{title}</title>",
        f"<desc>{escape(describe(figures), quote=False)}</desc>",
        f"<style>\n{STYLE}</style>",
        f'<text class="muted" x="{LEFT}" y="16">{axis}</text>',
    ]
    for power in range(first, last + 1):
        place = x(2**power)
        kind = "one" if power == 0 else "grid"
        lines.append(f'<line class="{kind}" x1="{place}" x2="{place}" y1="{TOP - 8}" y2="{bottom}"/>')
        lines.append(f'<text class="muted" x="{place}" y="{bottom + 16}" text-anchor="middle">{2**power:g}×</text>')
    for number, figure in enumerate(figures):
        y = TOP + ROW * number
        value = gain(figure).replace(" (", '<tspan class="muted"> (').replace(")", ")</tspan>")
        what = escape(figure["what"].replace("`", ""), quote=False)
        label = f"{figure['practice']} · {what}" if name_practice else what
        ends = sorted([1, figure["ratio"]])
        width = f"{max(float(x(ends[1])) - float(x(ends[0])), 1):.1f}"
        side = "gain" if figure["ratio"] >= 1 else "loss"
        lines.append(f'<text x="{LEFT}" y="{y + 11}">{label}</text>')
        lines.append(f'<rect class="{side}" x="{x(ends[0])}" y="{y + 18}" width="{width}" height="12" rx="1.5"/>')
        if "spread" in figure:
            low, high = map(x, figure["spread"])
            lines.append(f'<path class="spread" d="M{low} {y + 20}v8m0-4H{high}m0-4v8" fill="none"/>')
        lines.append(f'<text class="value" x="{WIDTH - RIGHT + 14}" y="{y + 28}">{value}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
