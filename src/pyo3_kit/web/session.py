"""A process that holds the template open: it evaluates answers and renders, one request after the other.

Everything of Copier is in here. The web server sends it requests and gets plain data back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from pyo3_kit.creation import Maker
from pyo3_kit.errors import KitError, Refused
from pyo3_kit.git.run import Identity
from pyo3_kit.given_answers import user_defaults
from pyo3_kit.merge.model import File
from pyo3_kit.overlays.laying import Overlay, open_overlays
from pyo3_kit.overlays.names import overlay_source
from pyo3_kit.presets.applying import list_decided
from pyo3_kit.presets.catalogue import Preset
from pyo3_kit.project.files import read_tree
from pyo3_kit.render import open_template
from pyo3_kit.render.interview import Evaluation, Interview, show
from pyo3_kit.render.taking import take_answer
from pyo3_kit.system.caches import scratch_folder
from pyo3_kit.system.own_files import remove_own_tree
from pyo3_kit.system.platforms import limit_process
from pyo3_kit.system.workers import Channel, work_off
from pyo3_kit.template.location import TEMPLATE_URL
from pyo3_kit.texts.bounds import load_json
from pyo3_kit.web.form import describe_pages, problems_of
from pyo3_kit.web.looks import Changed, Look
from pyo3_kit.web.setup import FILES_LIMIT, MEMORY_LIMIT, PROJECT_LIMIT, Offer
from pyo3_kit.web.wanted import Wanted, folder_name

NOWHERE = Path("/nonexistent")
"""Where templates see the project: a folder that has no files which they could read."""

NOBODY = Identity("", "")


class Session:
    """The open template and overlays."""

    def __init__(self, offer: Offer, scratch: Path, stack: ExitStack) -> None:
        self._offer, self._scratch = offer, scratch
        self._number = 0
        self.template = stack.enter_context(open_template(offer.source, NOWHERE / "project"))
        self.ours = offer.source.url == TEMPLATE_URL
        self.settings = user_defaults()
        self._practices = _practices() if self.ours else {}
        self._overlays: dict[str, list[Overlay]] = {}
        self._broken: dict[str, KitError] = {}
        for name, preset in offer.presets.items():
            try:
                sources = list(map(overlay_source, preset.overlays))
                self._overlays[name] = stack.enter_context(open_overlays(sources, NOWHERE)) if sources else []
            except KitError as error:
                self._broken[name] = error

    def look(self, wanted: Wanted, *, strict: bool = False) -> Look:
        """Evaluate and render; `Refused` only for an unknown preset.

        Answers that are not asked for are left out, unless `strict`: then they are problems, as for `new`.
        """
        preset = self._preset(wanted.preset)
        folder = folder_name(wanted.answers, preset)
        self.template.move(NOWHERE / folder)
        overlays = self._overlays.get(wanted.preset, [])
        watched: dict[str, Evaluation] = {}
        answers = self._lists(wanted.answers, overlays)
        maker = self._maker(answers, preset, folder, overlays, watched)
        own, explicit = _evaluated(maker, preset)
        if strict:
            explicit = dict(maker.explicit)
        elif explicit != maker.explicit:
            beside = {name: value for name, value in answers.items() if name not in maker.explicit}
            maker = self._maker({**beside, **explicit}, preset, folder, overlays, watched)
        files: dict[str, File] | None = None
        warnings: list[str] = []
        recorded: dict[str, Any] = {}
        decided: list[dict[str, Any]] = []
        message = hint = ""
        problems = problems_of(own.items)
        try:
            usable = maker.answer()
            with self._folder() as parent:
                _, laid = maker.render(parent / folder, usable)
                files = read_tree(parent / folder)
            _refuse_large(files)
            recorded = usable.recorded
            warnings = [warning for one in laid for warning in one.warnings]
            decided = _decided(preset, usable)
        except KitError as error:
            files, message, hint = None, error.message, error.hint
            named = error.details.get("problems")
            problems = {**problems, **(named if isinstance(named, dict) else {})}
        locked = preset.locked if preset else frozenset()
        pages = describe_pages(own, locked, explicit, self._practices)
        # Overlays are evaluated only on top of a complete project; their answers are kept meanwhile.
        asked_by_overlays = {name for overlay in overlays for name in overlay.template.interview({}).questions}
        explicit |= {name: answers[name] for name in answers if name in asked_by_overlays}
        for name, evaluation in watched.items():
            problems |= problems_of(evaluation.items)
            pages += [
                {**page, "title": f"{name}: {page['title']}", "overlay": name}
                for page in describe_pages(evaluation, (), answers, {})
            ]
        wheels = self._wheels() if files is not None and self.ours else None
        secrets = self.template.secret.union(*(overlay.template.secret for overlay in overlays))
        # Not by copier's types: what goes to the server is plain.
        return Look(
            folder,
            pages,
            explicit,
            sorted(secrets),
            files,
            recorded,
            decided,
            message,
            hint,
            problems,
            warnings,
            wheels,
        )

    def change(self, wanted: Wanted, name: str, value: Any) -> Changed:
        """Take one answer as the questionnaire in a terminal does."""
        preset = self._preset(wanted.preset)
        # A name that would become the folder's must not count as the default that the folder gives.
        folder = folder_name({other: answer for other, answer in wanted.answers.items() if other != name}, preset)
        self.template.move(NOWHERE / folder)
        overlays = self._overlays.get(wanted.preset, [])
        answers = self._lists({**wanted.answers, name: value}, overlays)
        maker = self._maker(answers, preset, folder, overlays, {})
        if name not in maker.interview.questions:
            return Changed(wanted.with_answers(answers), [])
        base = {**preset.answers, **preset.fixed} if preset else {}
        before = {other: answer for other, answer in answers.items() if other != name}
        typed = maker.interview.evaluate({**base, **answers})[name]
        given = typed.check(answers[name])[0] if not typed.error else answers[name]
        taken = take_answer(maker.interview, {**base, **before}, name, given, preset.locked if preset else frozenset())
        kept = {
            other: answers.get(other, answer)
            for other, answer in taken.given.items()
            if other not in base or other in answers
        }
        for other in base:
            item = taken.evaluation[other]
            if item.asked and not item.missing and (other not in taken.given or item.value != base[other]):
                # The preset's answer is replaced, by the default if need be.
                kept[other] = item.value
            elif other in kept:
                del kept[other]
        beside = {other: answer for other, answer in before.items() if other not in maker.interview.questions}
        return Changed(wanted.with_answers({**kept, **beside}), list(taken.notes))

    def questions(self) -> list[dict[str, Any]]:
        """All questions of the template, as `pyo3-kit questions --json` lists them."""
        from pyo3_kit.render.question_list import describe_question

        interview = self.template.interview({})
        items = interview.evaluate({}).items
        return [dict(describe_question(item, interview.questions[item.name])) for item in items if not item.computed]

    def broken_presets(self) -> dict[str, str]:
        """Why presets cannot be used, by name."""
        from pyo3_kit.presets import check_preset

        broken = {name: error.message for name, error in self._broken.items()}
        for name, preset in self._offer.presets.items():
            try:
                check_preset(preset, self.template.interview({}))
            except Refused as error:
                broken.setdefault(name, error.message)
        return broken

    def _preset(self, name: str) -> Preset | None:
        if not name:
            return None
        if name in self._broken:
            raise self._broken[name]
        if name not in self._offer.presets:
            raise Refused(f"There is no preset `{name}` here.", f"Presets: {', '.join(self._offer.presets) or 'none'}.")
        return self._offer.presets[name]

    def _maker(
        self,
        answers: Mapping[str, Any],
        preset: Preset | None,
        folder: str,
        overlays: list[Overlay],
        watched: dict[str, Evaluation],
    ) -> Maker:
        def watch(overlay: Overlay, evaluation: Evaluation) -> None:
            watched[overlay.name] = evaluation

        return Maker(self.template, overlays, answers, preset, NOBODY, NOWHERE / folder, self.settings, watch=watch)

    def _lists(self, answers: Mapping[str, Any], overlays: list[Overlay]) -> dict[str, Any]:
        """The answers, those of multiselect questions as lists: a form has one text for one choice."""
        questions: dict[str, Any] = {}
        for template in (self.template, *(overlay.template for overlay in overlays)):
            questions = {**template.interview({}).questions, **questions}
        several = {name for name, question in questions.items() if question.get("multiselect")}
        single = {name: value for name, value in answers.items() if name in several and _is_choice(value)}
        return {**answers, **{name: [value] if value else [] for name, value in single.items()}}

    def _wheels(self) -> dict[str, Any]:
        from pyo3_kit.web.facts import WHEELS

        wheels: dict[str, Any] = load_json(self.template.compute(WHEELS))
        return wheels

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        self._number += 1
        folder = self._scratch / str(self._number)
        try:
            yield folder
        finally:
            remove_own_tree(folder)


def _evaluated(maker: Maker, preset: Preset | None) -> tuple[Evaluation, dict[str, Any]]:
    """The evaluation with the preset, and the explicit answers that are asked for."""
    interview: Interview = maker.interview
    explicit = dict(maker.explicit)
    base = {**preset.answers, **preset.fixed} if preset else {}
    evaluation = interview.evaluate({**base, **explicit})
    ruled_out = {item.name for item in evaluation.items if not item.asked and not item.computed}
    gone = ruled_out & {*base, *explicit}
    if not gone:
        return evaluation, explicit
    explicit = {name: value for name, value in explicit.items() if name not in gone}
    return interview.evaluate(
        {name: value for name, value in {**base, **explicit}.items() if name not in gone}
    ), explicit


def _decided(preset: Preset | None, evaluation: Evaluation) -> list[dict[str, Any]]:
    if preset is None:
        return []
    return [
        {"question": one.question, "value": show(one.value), "how": one.how} for one in list_decided(preset, evaluation)
    ]


def _refuse_large(files: Mapping[str, File]) -> None:
    size = sum(len(file.content) for file in files.values())
    if len(files) > FILES_LIMIT or size > PROJECT_LIMIT:
        raise Refused(
            f"With these answers the template renders {len(files):,} files of {size:,} bytes, which is too much here.",
            "Create the project with `pyo3-kit new`.",
        )


def _is_choice(value: Any) -> bool:
    return isinstance(value, str) and not value.lstrip().startswith("[")


def _practices() -> dict[str, list[str]]:
    """The ids of the practices that each question of our template controls."""
    from pyo3_kit.audit.practices import practices

    found: dict[str, list[str]] = {}
    for name, record in practices().items():
        for question in record["questions"]:
            found.setdefault(question, []).append(name)
    # The starter shows nearly all of them.
    return {question: names for question, names in found.items() if question != "starter"}


_open: list[Session] = []
_stack = ExitStack()


def prepare(offer: Offer, parent: Path) -> None:
    """Open the template in this process; called before its first request."""
    limit_process(memory=MEMORY_LIMIT, file_size=PROJECT_LIMIT)
    scratch = _stack.enter_context(scratch_folder(parent))
    _open.append(Session(offer, scratch, _stack))


def session() -> Session:
    """The session of this process."""
    return _open[0]


def serve(channel: Channel) -> None:
    """Run as a process that renders, until the channel is closed."""
    with _stack:
        work_off(channel)
