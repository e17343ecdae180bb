"""The page: the same template for a browser with and without scripts; every value is escaped."""

from __future__ import annotations

import hashlib
import re
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, Template
from markupsafe import Markup, escape

from pyo3_kit.system.escaping import markup_text
from pyo3_kit.web.changes import Change

STATIC = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
_LABELS = {"pgo": "PGO", "ci": "CI", "pyo3": "PyO3", "repository url": "Repository URL"}
DOCS = "https://github.com/pyo3-kit/pyo3-kit/blob/main/docs"


def render_page(context: dict[str, Any]) -> str:
    """The page as text."""
    return _template().render(context)


@cache
def static_file(name: str) -> bytes:
    """The content of a file of the page; `KeyError` for any other name."""
    STATIC[name]
    return _read(name)


def _read(name: str) -> bytes:
    return files(__name__.rpartition(".")[0]).joinpath("static", name).read_bytes()


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_visible)
    environment.filters.update(label=_label, prose=_prose, sign=_sign)
    environment.globals.update(
        asset=_asset, docs=DOCS, added=partial(_count, kind="added"), removed=partial(_count, kind="removed")
    )
    return environment.from_string(_read("page.html.jinja").decode())


def _visible(value: Any) -> Any:
    """Text without characters that could hide or reorder other text."""
    return markup_text(value) if type(value) is str else value


def _asset(name: str) -> str:
    return f"static/{name}?v={hashlib.sha256(static_file(name)).hexdigest()[:12]}"


def _label(name: str) -> str:
    """The name of a question as a label."""
    words = name.replace("_", " ").strip()
    return _LABELS.get(words) or words[:1].upper() + words[1:]


def _prose(text: str) -> Markup:
    """A help text, with what is in backticks as code."""
    parts = re.split(r"`([^`]+)`", markup_text(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts)
    )


def _sign(line: str) -> str:
    """The class of a line of a diff."""
    return {"+": "add", "-": "cut", "@": "at"}.get(line[:1], "")


def _count(changes: list[Change], kind: str) -> int:
    return sum(change.kind == kind for change in changes)
