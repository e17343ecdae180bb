"""Draw the questionnaire as it stands in a terminal: `python docs/images/make_questionnaire_svg.py`.

The real `pyo3-kit new` runs in a pseudo-terminal, pyte keeps its screen, and rich draws that screen as an SVG.
"""

from __future__ import annotations

import re
import sys
import tempfile
from io import StringIO
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.questionnaire.terminal import COLUMNS, CTRL_U, ENTER, Terminal  # noqa: E402

RENAMED = {"brown": "yellow", "brightbrown": "bright_yellow"}


def draw(terminal: Terminal, lines: int, title: str) -> str:
    """The first lines of the screen as an SVG."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="truecolor")
    for number in range(lines):
        row = [terminal.screen.buffer[number][column] for column in range(COLUMNS)]
        text = Text()
        for (name, bold, reverse), cells in groupby(row, key=lambda cell: (cell.fg, cell.bold, cell.reverse)):
            text.append("".join(cell.data for cell in cells), Style(color=colour(name), bold=bold, reverse=reverse))
        text.rstrip()
        console.print(text, overflow="crop", no_wrap=True)
    svg = console.export_svg(title=title, unique_id="questionnaire")
    # A picture in a README loads nothing from elsewhere: the reader's own monospaced font will do.
    return re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def colour(name: str) -> str | None:
    """A colour of pyte's as rich names it."""
    if name == "default":
        return None
    if re.fullmatch("[0-9a-f]{6}", name):
        return f"#{name}"
    return RENAMED.get(name) or re.sub("^bright", "bright_", name)


def main() -> None:
    """Walk to the first question of the second page and write `questionnaire.svg`."""
    with tempfile.TemporaryDirectory() as folder:
        author = ["--data", "author_name=Ada Lovelace", "--data", "author_email=ada@example.org"]
        terminal = Terminal(["new", "fast-lib", *author], Path(folder))
        for number in range(1, 7):
            screen = terminal.wait_for(f"· {number} of")
            if "project_description" in screen.split("\n\n")[1]:
                terminal.type(CTRL_U, "Fast parsing, in Rust.")
            terminal.type(ENTER)
        screen = terminal.wait_for("Practices · 7 of")
        terminal.settle()
        svg = draw(terminal, len(terminal.text().splitlines()), "pyo3-kit new fast-lib")
        terminal.process.close(force=True)
    Path(__file__).with_name("questionnaire.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
