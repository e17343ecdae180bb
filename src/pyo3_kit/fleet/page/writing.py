"""Writes the page to the file that `--html` names."""

from __future__ import annotations

import os
from pathlib import Path

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.fleet.model import Report
from pyo3_kit.fleet.page import render


def refuse_unwritable(html: Path | None) -> None:
    """`Refused` when the page could not be written at the end: before anything is done."""
    if html is None:
        return
    if html.is_dir():
        raise Refused(f"`--html {html}` is a folder.", "Name a file in it.")
    if not html.absolute().parent.is_dir():
        raise Refused(f"The folder of `--html {html}` does not exist.", "Create it, or name another file.")
    if not os.access(html if html.exists() else html.absolute().parent, os.W_OK):
        raise Refused(f"`--html {html}` is not writable.", "Name another file.")


def write_page(report: Report, html: Path) -> None:
    """Write the report's page; `Refused` when the system does not allow it."""
    try:
        html.write_text(render(report), encoding="utf-8")
    except OSError as error:
        raise from_os_error(error, "writing the page") from error
