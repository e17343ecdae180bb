"""Walk through the questionnaire: forward, back, and over the last page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import questionary

from pyo3_kit.errors import Refused
from pyo3_kit.questionnaire.prompts import Move, Prompter
from pyo3_kit.render.interview import Evaluation, Interview, Item
from pyo3_kit.render.pages import Page, choice_help, pages_of
from pyo3_kit.render.taking import take_answer
from pyo3_kit.system import escaping
from pyo3_kit.texts.listing import Entry, draw, summary


class Draft(Protocol):
    """The data of the questionnaire, for new projects and for updates."""

    @property
    def interview(self) -> Interview:
        """The questions."""

    @property
    def given(self) -> Mapping[str, Any]:
        """The explicit answers so far."""

    @property
    def place(self) -> Path:
        """The project's folder."""

    @property
    def preview(self) -> Callable[[Evaluation], list[Entry]]:
        """The files that these answers would create."""

    @property
    def finish(self) -> str:
        """The label of the last page's first entry."""

    @property
    def locked(self) -> frozenset[str]:
        """The questions that are neither asked nor shown."""


class _Change:
    """An entry of the last page: ask this question again."""

    def __init__(self, name: str) -> None:
        self.name = name


_CREATE = "create"


def walk(draft: Draft) -> Mapping[str, Any]:
    """Ask the user for missing answers, and return all explicit answers.

    An answer that equals the default does not count as explicit, so that it keeps following the answers that it is
    derived from. `KeyboardInterrupt` if the user cancels.
    """
    return _Walk(draft).run()


class _Walk:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._given = dict(draft.given)
        self._settled = set(draft.given)
        self._prompter = Prompter()
        self._notes: list[str] = []
        self._shown: list[Any] = []
        self._evaluation = draft.interview.evaluate(self._given)
        self._pages = pages_of(self._evaluation)

    def run(self) -> Mapping[str, Any]:
        sequence = self._sequence()
        at = 0
        while True:
            if at < len(sequence):
                name = sequence[at]
                moved = self._ask(name, self._progress(name, sequence), back=at > 0)
                sequence = self._sequence(sequence)
                at = max(sequence.index(name) + (-1 if moved is Move.BACK else 1), 0)
                continue
            done = self._review(back=bool(sequence))
            sequence = self._sequence(sequence)
            if done is Move.BACK:
                at = len(sequence) - 1
            elif done is _CREATE:
                return self._given
            else:
                at = len(sequence)

    def _sequence(self, before: list[str] | None = None) -> list[str]:
        """The names of the questions to ask: those of the short pages, and others without a valid answer."""
        visited = before or []
        names = []
        for page in self._pages:
            for item in page.asked(self._evaluation):
                wanted = page.short or item.missing or item.error or item.name in visited
                if item.name in self._draft.locked and not item.missing:
                    continue
                if wanted and item.name not in self._settled:
                    names.append(item.name)
        return names

    def _progress(self, name: str, sequence: list[str]) -> str:
        page = self._page(name)
        answered = [self._evaluation[other] for other in sequence[: sequence.index(name)] if self._page(other) is page]
        lines = [f"{page.title} · {sequence.index(name) + 1} of {len(sequence)}", *_listed(answered), *self._notes]
        return "\n".join(lines)

    def _ask(self, name: str, heading: str, *, back: bool) -> Any:
        item = self._evaluation[name]
        evaluation = self._evaluation
        answer = self._prompter.ask(item, heading, lambda value: choice_help(evaluation, name, value), back=back)
        self._notes = []
        if answer is not Move.BACK:
            self._take(name, answer)
        return answer

    def _take(self, name: str, answer: Any) -> None:
        """Record an answer, and drop those that it rules out, except locked ones."""
        taken = take_answer(self._draft.interview, self._given, name, answer, self._draft.locked)
        self._given, self._evaluation = taken.given, taken.evaluation
        self._settled -= set(taken.reset)
        self._notes = list(taken.notes)

    def _review(self, *, back: bool) -> Any:
        """The last page: `_CREATE`, `Move.BACK`, or None if an answer was changed."""
        unusable = [item for item in self._evaluation.asked if item.missing or item.error]
        if unusable:
            return self._ask(unusable[0].name, f"Last page\n! {unusable[0].name}: {unusable[0].error}", back=back)
        try:
            files = self._draft.preview(self._evaluation)
        except Refused as error:
            self._notes.append(error.message)
            files = []
        if files != self._shown:
            self._shown = files
            sys.stderr.write("\n".join(map(escaping.line, draw(files, self._draft.place.name))) + "\n\n")
            sys.stderr.flush()
        heading = "\n".join([f"Last page · {summary(files)} in {self._draft.place}", *self._notes])
        choices = [questionary.Choice(self._draft.finish, _CREATE, description="Use these answers.")]
        for page in self._pages:
            choices += _entries(page, self._evaluation, self._draft.locked)
        if back:
            choices += [
                questionary.Separator(" "),
                questionary.Choice("← Back", Move.BACK, description="To the last question."),
            ]
        chosen = self._prompter.menu(heading, "Choose an answer to change it.", choices, _CREATE, back=back)
        self._notes = []
        if isinstance(chosen, _Change):
            self._ask(chosen.name, f"{self._page(chosen.name).title} · change an answer", back=True)
            return None
        return chosen

    def _page(self, name: str) -> Page:
        return next(page for page in self._pages if name in page.questions)


def _entries(page: Page, evaluation: Evaluation, locked: frozenset[str]) -> list[questionary.Choice]:
    items = [item for item in page.asked(evaluation) if item.name not in locked]
    if not items:
        return []
    described = [item.help.split("\n")[0] for item in items]
    lines = [
        questionary.Choice(line, _Change(item.name), description=text or None)
        for item, line, text in zip(items, _listed(items), described, strict=True)
    ]
    return [questionary.Separator(f"{page.title}"), *lines]


def _listed(items: list[Item]) -> list[str]:
    """Names and answers in two columns."""
    longest = max((len(item.name) for item in items), default=0)
    return [f"  {item.name:<{longest}}  {'••••' if item.secret else item.title or '(empty)'}" for item in items]
