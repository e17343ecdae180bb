"""Writes the page to the file that `--html` names."""

from __future__ import annotations

import os
from pathlib import Path

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.fleet.model import Report
from pyo3_kit.fleet.page import render
from pyo3_kit.system.own_files import write_named_file


def refuse_unwritable(html: Path | None) -> None:
    """`Refused` when the page could not be written at the end: before anything is done."""
    if html is None:
        return
    if html.is_dir():
        raise Refused(f"`--html {html}` is a folder.", "Name a file in it.")
    if not html.is_absolute() and (link := next((one for one in html.parents if one.is_symlink()), None)):
        raise Refused(f"`--html {html}`: {link} is a symbolic link.", "Name the folder that it leads to.")
    if not html.absolute().parent.is_dir():
        raise Refused(f"The folder of `--html {html}` does not exist.", "Create it, or name another file.")
    if not all(os.access(path, os.W_OK) for path in (html, html.absolute().parent) if path.exists()):
        raise Refused(f"`--html {html}` is not writable.", "Name another file.")


def write_page(report: Report, html: Path) -> None:
    """Write the report's page; `Refused` when the system does not allow it."""
    try:
        write_named_file(html, render(report).encode())
    except OSError as error:
        raise from_os_error(error, "writing the page") from error
