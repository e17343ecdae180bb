"""`pyo3-kit explain`."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches

from pyo3_kit.audit import registry
from pyo3_kit.audit.practices import LISTING, practice_markdown, practices, rule_markdown
from pyo3_kit.cli.output import put_own
from pyo3_kit.errors import DONE, Refused
from pyo3_kit.system.reading import read_text


def explain_rule(name: str | None) -> int:
    """Print a rule, a practice, or without a name the list of both; `Refused` for a name that is none of them."""
    _show(read_text(LISTING) if name is None else _explained(name.strip().upper(), name))
    return DONE


def _explained(name: str, given: str) -> str:
    if name in registry.rule_ids():
        return rule_markdown(name)
    known = practices()
    if name in known:
        return practice_markdown(name, known[name])
    near = get_close_matches(name, [*known, *registry.rule_ids()], 3, 0.6)
    hint = f"Did you mean {', '.join(near)}? " if near else ""
    raise Refused(f"There is no rule and no practice `{given}`.", f"{hint}`pyo3-kit explain` lists them.")


def _show(markdown: str) -> None:
    """Render in a terminal; elsewhere the markdown is the output."""
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        put_own(markdown)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(highlight=False).print(Markdown(markdown, code_theme="ansi_dark"))
