"""A fleet's report as one HTML page, without external resources and readable without JavaScript."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pyo3_kit.fleet.model import FINE, Report, State
from pyo3_kit.fleet.page.chart import groups
from pyo3_kit.fleet.page.columns import COLUMNS, ranks
from pyo3_kit.system.escaping import markup_text

if TYPE_CHECKING:
    from jinja2 import Template

_BAD = frozenset({State.FAILED, State.GONE, State.BROKEN, State.REFUSED})


def render(report: Report) -> str:
    """The page as text, to be written as UTF-8. All values are escaped, since names and messages are untrusted."""
    style, script = _part("page.css"), _part("page.js")
    shown = [column for column in COLUMNS if column.has_something(report.rows)]
    keys = [ranks(column, report.rows) for column in shown]
    return _template().render(
        report=report,
        style=style,
        script=script,
        policy=_policy(style, script),
        columns=shown,
        rows=[(row, [key[index] for key in keys]) for index, row in enumerate(report.rows)],
        states=[(State(word), number) for word, number in report.counts.items()],
        groups=groups(report.rows),
        severities=_severities(report),
        advisories=len({advisory for row in report.rows for advisory in row.advisories}),
        tone=tone,
        is_address=is_address,
    )


def tone(state: State) -> str:
    """The colour class of a state: `fine`, `bad` for errors, `work` for work to do."""
    return "fine" if state in FINE else "bad" if state in _BAD else "work"


def is_address(text: str | None) -> bool:
    """Whether the text can become a link: only http and https."""
    return bool(text) and re.match(r"https?://[^\s/@]+(/|\Z)", text or "") is not None


def _severities(report: Report) -> dict[str, int] | None:
    """The number of findings by severity; None if nothing was checked."""
    checked = [row.findings for row in report.rows if row.findings is not None]
    counted = Counter[str]()
    for findings in checked:
        counted.update({"errors": findings.error, "warnings": findings.warning, "notes": findings.info})
    return dict(counted) if checked else None


@cache
def _template() -> Template:
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_shown)
    return environment.from_string(_part("page.html.jinja"))


def _shown(value: Any) -> Any:
    return markup_text(value) if type(value) is str else value


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _part(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
