"""Draw an update as shown in a terminal, its preview and a conflict: `python docs/images/make_update_svg.py`.

The project is created from the template's first release, edited as a maintainer would, and updated to the newest
release and PyO3 0.29.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from terminal_picture import save

from pyo3_kit.template.releases import releases
from tests.questionnaire.terminal import ENTER, Terminal
from tests.support.forks import Forks
from tests.support.history import commit_all, render_release

WORDS = ["update", "--to", releases()[-1].version, "--data", "pyo3=0.29"]


def project(folder: Path) -> Path:
    """A project with a dependency, a pinned PyO3 and a step of the user's own."""
    made = render_release(releases()[0], folder, {"project_name": "fast-lib", "starter": "minimal"})
    manifest = made / "Cargo.toml"
    text = re.sub(r'^pyo3 = "[^"]+"', 'pyo3 = "=0.30.0"', manifest.read_text(), flags=re.MULTILINE)
    text = text.replace("[dependencies]\n", '[dependencies]\nserde = { version = "1", features = ["derive"] }\n')
    manifest.write_text(text)
    commit_all(made)
    return made


def accept_new_defaults(terminal: Terminal) -> None:
    """Answer the questions that the template did not have before."""
    for number in (1, 2):
        terminal.wait_for(f"New question · {number}")
        terminal.type(ENTER)


def main() -> None:
    """Write `update-preview.svg` and `update-conflict.svg`."""
    with tempfile.TemporaryDirectory() as folder, Forks() as forks:
        place = project(Path(folder, "fast-lib"))
        preview = Terminal(forks, [*WORDS, "--dry-run"], place)
        accept_new_defaults(preview)
        preview.wait_for("Nothing was written")
        preview.settle()
        save(preview, "update-preview", " ".join(["pyo3-kit", *WORDS, "--dry-run"]))
        preview.close()
        conflict = Terminal(forks, WORDS, place)
        accept_new_defaults(conflict)
        conflict.wait_for("Cargo.toml · 1 of")
        conflict.settle()
        save(conflict, "update-conflict", " ".join(["pyo3-kit", *WORDS]))
        conflict.close()


if __name__ == "__main__":
    main()
