"""`pyo3-kit status`."""

from __future__ import annotations

from argparse import Namespace

from pyo3_kit.cli.options import add_json, add_project
from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import label, print_json, put
from pyo3_kit.errors import BEHIND, DONE


def set_up(parser: Parser) -> None:
    """Add the options."""
    parser.description = (
        "Check whether the project is up to date with its template, and list files that differ. Writes nothing."
    )
    parser.exit_codes |= {
        0: "the project is at the newest version, and its files match the template or are your own",
        1: "it is behind, an update is unfinished, or files are drifted, stale or missing",
        2: "refused",
    }
    add_project(parser, answers_file=True)
    parser.flag("--quick", "Compare versions only, not files.")
    add_json(parser)


def run(options: Namespace) -> int:
    """Print the status; returns the exit code."""
    from pyo3_kit.update.status import status
    from pyo3_kit.update.status_report import as_object, lines

    found = status(options.path, options.answers_file, quick=options.quick, trusted=options.trust_template)
    if options.json:
        print_json(as_object(found))
    else:
        for warning in (*found.warnings, *(text for overlay in found.overlays for text in overlay.warnings)):
            label("warning:", warning)
        for line in lines(found):
            put(line)
    return DONE if found.current else BEHIND
