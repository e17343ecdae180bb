"""The help pages as files, so that showing one takes no typer. `python -m pyo3_kit.cli.help_pages` writes them anew."""

from __future__ import annotations

from pathlib import Path

import typer

from pyo3_kit.cli.app import app
from pyo3_kit.system.own_files import make_own_folder, write_named_file

FOLDER = Path(__file__).parent / "help"
_WIDTH = 100


def render_pages() -> dict[str, str]:
    """The help of the program and of each command, by file name, as typer makes it."""
    group = typer.main.get_command(app)
    pages = {"pyo3-kit.txt": _help(group, None)}
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        pages[f"{name}.txt"] = _help(command, group)
    return pages


def _help(command: object, parent: object) -> str:
    context_class = command.context_class  # type: ignore[attr-defined]
    outer = None if parent is None else context_class(parent, info_name="pyo3-kit")
    name = "pyo3-kit" if parent is None else command.name  # type: ignore[attr-defined]
    context = context_class(
        command,
        info_name=name,
        parent=outer,
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )
    text: str = command.get_help(context)  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"


if __name__ == "__main__":
    make_own_folder(FOLDER)
    for file_name, page in render_pages().items():
        write_named_file(FOLDER / file_name, page.encode())
