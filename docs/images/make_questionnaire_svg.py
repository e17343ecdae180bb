"""Draw the questionnaire as shown in a terminal: `python docs/images/make_questionnaire_svg.py`.

The real `pyo3-kit new` runs in a pseudo-terminal, pyte keeps its screen, and rich draws that screen as an SVG.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from terminal_picture import save

from tests.questionnaire.terminal import CTRL_U, ENTER, Terminal
from tests.support.forks import Forks


def main() -> None:
    """Walk to the first question of the second page and write `questionnaire.svg`."""
    with tempfile.TemporaryDirectory() as folder, Forks() as forks:
        author = ["--data", "author_name=Ada Lovelace", "--data", "author_email=ada@example.org"]
        terminal = Terminal(forks, ["new", "fast-lib", *author], Path(folder))
        for number in range(1, 7):
            screen = terminal.wait_for(f"· {number} of")
            if "project_description" in screen.split("\n\n")[1]:
                terminal.type(CTRL_U, "Fast parsing, in Rust.")
            terminal.type(ENTER)
        screen = terminal.wait_for("Practices · 7 of")
        terminal.settle()
        save(terminal, "questionnaire", "pyo3-kit new fast-lib")
        terminal.close()


if __name__ == "__main__":
    main()
