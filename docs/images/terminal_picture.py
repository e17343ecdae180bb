"""A terminal's screen as an SVG: pyte keeps the screen, rich draws it."""

from __future__ import annotations

import re
import sys
from io import StringIO
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.questionnaire.terminal import COLUMNS, Terminal  # noqa: E402

RENAMED = {"brown": "yellow", "brightbrown": "bright_yellow"}


def save(terminal: Terminal, name: str, title: str) -> None:
    """Write the used part of the screen to `name`.svg, in the folder given to the script or next to this file."""
    svg = draw(terminal, len(terminal.text().splitlines()), title, name)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8")


def draw(terminal: Terminal, lines: int, title: str, identity: str) -> str:
    """Return the first lines of the screen as an SVG."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="truecolor")
    for number in range(lines):
        row = [terminal.screen.buffer[number][column] for column in range(COLUMNS)]
        text = Text()
        for (name, bold, reverse), cells in groupby(row, key=lambda cell: (cell.fg, cell.bold, cell.reverse)):
            text.append("".join(cell.data for cell in cells), Style(color=colour(name), bold=bold, reverse=reverse))
        text.rstrip()
        console.print(text, overflow="crop", no_wrap=True)
    svg = console.export_svg(title=title, unique_id=identity)
    # A picture in a README must not load external fonts; the reader's monospaced font is used instead.
    return re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def colour(name: str) -> str | None:
    """Return rich's name for a colour of pyte."""
    if name == "default":
        return None
    if re.fullmatch("[0-9a-f]{6}", name):
        return f"#{name}"
    return RENAMED.get(name) or re.sub("^bright", "bright_", name)
