"""`pyo3-kit explain`."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import put_own
from pyo3_kit.errors import DONE, Refused


def set_up(parser: Parser) -> None:
    """Add the arguments."""
    parser.description = "Explain a rule or a practice. Without an id, list all of them."
    parser.exit_codes |= {2: "refused: unknown id"}
    parser.argument("name", "ID", "A rule, e.g. PYO021, or a practice, e.g. PYO02.", nargs="?")


def run(options: Namespace) -> int:
    """Print the rule, the practice or the list; returns the exit code."""
    from pyo3_kit.audit.practices import LISTING
    from pyo3_kit.system.reading import read_text

    _show(read_text(LISTING) if options.name is None else _explanation(options.name))
    return DONE


def _explanation(given: str) -> str:
    from pyo3_kit.audit import registry
    from pyo3_kit.audit.practices import practice_markdown, practices, rule_markdown

    name = given.strip().upper()
    if name in registry.rule_ids():
        return rule_markdown(name)
    known = practices()
    if name in known:
        return practice_markdown(name, known[name])
    from difflib import get_close_matches

    near = get_close_matches(name, [*known, *registry.rule_ids()], 3, 0.6)
    hint = f"Did you mean {', '.join(near)}? " if near else ""
    raise Refused(f"Unknown rule or practice `{given}`.", f"{hint}`pyo3-kit explain` lists all of them.")


def _show(markdown: str) -> None:
    """Render in a terminal; elsewhere the Markdown itself is the output."""
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        put_own(markdown)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(highlight=False).print(Markdown(markdown, code_theme="ansi_dark"))
