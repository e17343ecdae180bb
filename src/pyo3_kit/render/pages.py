"""The pages that group the questions, and the help for choices; both come from hidden questions of the template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyo3_kit.render.interview import Evaluation, Item


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its title, whether it is asked or only offered on the last page, and the names of its questions."""

    title: str
    short: bool
    questions: tuple[str, ...]

    def asked(self, evaluation: Evaluation) -> list[Item]:
        """The page's questions whose condition holds, in the template's order."""
        return [item for item in evaluation.asked if item.name in self.questions]


def pages_of(evaluation: Evaluation) -> list[Page]:
    """The pages of a template.

    They come from its hidden question `pages`: a mapping of `{title, short, questions}`. Templates without it, and
    questions that are on no page, get one page that is asked.
    """
    names = [item.name for item in evaluation.items if not item.computed]
    pages = [
        Page(
            str(page["title"]),
            bool(page.get("short", True)),
            tuple(name for name in names if name in page["questions"]),
        )
        for page in _mappings(_hidden(evaluation, "pages"))
        if isinstance(page, dict) and "title" in page and "questions" in page
    ]
    named = {name for page in pages for name in page.questions}
    rest = tuple(name for name in names if name not in named)
    if rest:
        pages.append(Page("More" if pages else "Questions", True, rest))
    return pages


def choice_help(evaluation: Evaluation, name: str, value: Any) -> str:
    """The template's help for one choice, from its hidden question `choice_help`: `{question: {value: text}}`."""
    for helps in _documents(_hidden(evaluation, "choice_help")):
        found = helps.get(name, {})
        if not isinstance(found, dict):
            continue
        for key, text in found.items():
            if key == value or str(key).lower() == str(value).lower():
                return str(text)
    return ""


def _hidden(evaluation: Evaluation, name: str) -> Any:
    return next((item.value for item in evaluation.items if item.name == name and item.computed), None)


def _documents(value: Any) -> Iterable[dict[str, Any]]:
    """The mappings in the value: `!include` gives a list of documents."""
    return [document for document in (value if isinstance(value, list) else [value]) if isinstance(document, dict)]


def _mappings(value: Any) -> Iterable[Any]:
    return [page for document in _documents(value) for page in document.values()]
