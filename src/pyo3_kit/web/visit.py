"""One visit of the page: from the fields of a form or an address to the page that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyo3_kit import __version__
from pyo3_kit.errors import KitError, Refused
from pyo3_kit.merge.model import File
from pyo3_kit.template.location import TEMPLATE_URL
from pyo3_kit.web.body import read_pairs
from pyo3_kit.web.looks import Look
from pyo3_kit.web.page import render_page
from pyo3_kit.web.problems import status_of
from pyo3_kit.web.renderers import Renderers
from pyo3_kit.web.view import make_view, shown_defaults
from pyo3_kit.web.wanted import PRESET, Wanted, from_pairs

BEFORE, CHANGED, FILE, FIND, ANSWERS_FILE = "_before", "_changed", "_file", "_find", "_answers_file"
"""Parameters of the page: the answers to compare with as a query string, the question that was just answered, the
file to show, what to search for, and the text of a project's answers file."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page as text, its HTTP status, and the query string that gives it again; None if no address does."""

    text: str
    status: int
    link: str | None


async def show_page(renderers: Renderers, broken: Mapping[str, str], pairs: list[tuple[str, str]]) -> Page:
    """The page for these parameters. Errors of the request are shown on the page."""
    offer = renderers.offer
    try:
        wanted, others = from_pairs(pairs, offer.chosen)
        visit = await _visit(renderers, wanted, others)
    except Refused as error:
        wanted, others = Wanted(offer.chosen), {}
        visit = {**await _visit(renderers, wanted, others), "error": error}
    failure: KitError | None = visit["error"]
    source = offer.source
    context = {
        **visit,
        "template": source.shown,
        "version": source.ref or (source.carried[1] if source.carried else None) or "",
        "ours": source.url == TEMPLATE_URL,
        "tool": __version__,
        "presets": {name: preset for name, preset in offer.presets.items() if name not in broken},
        "broken": broken,
        "find": others.get(FIND, ""),
    }
    look: Look = visit["look"]
    again = failure is None and not visit["compared"] and not set(look.secrets) & set(look.explicit)
    status = 200 if failure is None else status_of(failure)
    return Page(render_page(context), status, visit["link"] if again else None)


async def _visit(renderers: Renderers, wanted: Wanted, others: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows that depends on the request."""
    offer = renderers.offer
    notes: list[str] = []
    before: Mapping[str, File] | None = None
    title = "What the last answer changed"
    error: KitError | None = None
    if text := others.get(ANSWERS_FILE, "").strip():
        try:
            update = await renderers.update(text)
            wanted, before, notes = Wanted("", update.answers), update.files, update.notes
            title = f"What an update from {update.version} changes in a fresh render"
        except Refused as refused:
            error = refused
    name = others.get(CHANGED, "")
    if name in wanted.answers:
        changed = await renderers.change(wanted, name, wanted.answers[name])
        wanted, notes = changed.wanted, changed.notes
    elif name == PRESET and (preset := offer.presets.get(wanted.preset)):
        # A preset that was just chosen decides; other answers stay.
        decided = {*preset.answers, *preset.fixed, *preset.hidden}
        kept = {other: value for other, value in wanted.answers.items() if other not in decided}
        wanted = wanted.with_answers(kept)
    look = await renderers.look(wanted)
    wanted = wanted.with_answers(look.explicit)
    if BEFORE in others and before is None:
        before = (await _look_before(renderers, others[BEFORE])).files
    view = None
    if look.files is not None:
        view = make_view(offer, wanted, look, before, path=others.get(FILE, ""), find=others.get(FIND, "").strip())
    return {
        "wanted": wanted,
        "link": wanted.link(offer.chosen, look.secrets),
        "link_pairs": read_pairs(wanted.link(offer.chosen, look.secrets)),
        "look": look,
        "view": view,
        "notes": notes,
        "changes_title": title,
        "compared": before is not None,
        "defaults": shown_defaults(look),
        "error": error,
    }


async def _look_before(renderers: Renderers, link: str) -> Look:
    wanted, _ = from_pairs(read_pairs(link), renderers.offer.chosen)
    return await renderers.look(wanted)
